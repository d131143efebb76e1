"""OpenFisca model of the aid to self-employed doctors who employ a medical assistant."""

from typing import TYPE_CHECKING, Any

__all__ = ["CountryTaxBenefitSystem"]

if TYPE_CHECKING:
    from openfisca_assistant_medical.systeme import CountryTaxBenefitSystem
else:

    def __getattr__(nom: str) -> Any:
        """The system, imported once asked for: the command answers --help without openfisca."""
        if nom != "CountryTaxBenefitSystem":
            raise AttributeError(f"module {__name__!r} has no attribute {nom!r}")
        from openfisca_assistant_medical.systeme import CountryTaxBenefitSystem

        return CountryTaxBenefitSystem


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
