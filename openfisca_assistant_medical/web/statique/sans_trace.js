// Nothing of a visit stays in the browser: whatever script comes after cannot store anything.
for (const nom of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, nom, {
    get() { throw new DOMException("Ce site ne garde rien.", "SecurityError"); },
  });
}
