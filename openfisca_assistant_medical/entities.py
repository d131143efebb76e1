"""The two entities of the model: the doctor, who signs the contract, and the practice."""

from openfisca_core.entities import build_entity

Medecin = build_entity(
    key="medecin",
    plural="medecins",
    label="Médecin libéral, signataire d’un contrat d’aide à l’emploi d’un assistant médical",
    doc="""
    Une ligne, un médecin, un contrat : un second contrat du même médecin est une autre ligne,
    dont le délai de carence vient du premier.
    """,
    is_person=True,
)

Cabinet = build_entity(
    key="cabinet",
    plural="cabinets",
    label="Cabinet où exercent un ou plusieurs médecins",
    doc="""
    Sert à savoir si l’exercice est regroupé, et porte le contrat collectif de la réforme de 2026.
    Une demande qui ne nomme aucun cabinet met chaque médecin seul dans le sien.
    """,
    roles=[
        {
            "key": "membre",
            "plural": "membres",
            "label": "Membres",
            "doc": "Les médecins qui exercent dans le cabinet.",
        },
    ],
)

entities = [Medecin, Cabinet]
