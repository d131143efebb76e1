"""…"""

from flask import Flask

from openfisca_assistant_medical.web.configuration import Configuration


def inscrire(app: Flask, configuration: Configuration) -> None:
    """Add the addresses to the application."""
