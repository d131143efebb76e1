"""OpenFisca model of the aid to self-employed doctors who employ a medical assistant."""

import json
from pathlib import Path

from openfisca_core.parameters import ParameterNode
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_assistant_medical import entities
from openfisca_assistant_medical.droit.heritage import heriter

_RACINE = Path(__file__).parent


class CountryTaxBenefitSystem(TaxBenefitSystem):
    """The law from avenant 7 (2019) to the *règlement arbitral* (2023), which goes on after it."""

    CURRENCY = "€"
    _metadata: dict[str, str] | None = None

    def __init__(self) -> None:
        super().__init__(entities.entities)
        self.add_variables_from_directory(str(_RACINE / "variables"))
        self.load_parameters(str(_RACINE / "parameters"))
        exemple = _RACINE / "situation_examples" / "generaliste_deux_lois.json"
        self.open_api_config = {
            "variable_example": "aide_due",
            "parameter_example": "aide.montant.un_etp.par_defaut.rang_1",
            "simulation_example": json.loads(exemple.read_text(encoding="utf-8")),
        }

    def get_package_metadata(self) -> dict[str, str]:
        """Name, version and place of the package, read once: core asks for them at each file."""
        if self._metadata is None:
            metadata = super().get_package_metadata()
            # No public repository yet: the Web API gives the path of a source, not "None/blob/…".
            self._metadata = {**metadata, "repository_url": metadata["repository_url"] or ""}
        return self._metadata

    def preprocess_parameters(self, parameters: ParameterNode) -> ParameterNode:
        """Give each figure the references of its table."""
        return heriter(parameters)
