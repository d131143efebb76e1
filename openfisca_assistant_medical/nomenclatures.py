"""Every Enum of the model, in one place.

All options are there from the start: a reform cannot extend an Enum.
"""

from openfisca_core.indexed_enums import Enum


class TexteConventionnel(Enum):
    """Texts that follow one another; `aucun` before the first."""

    aucun = "Aucun texte en vigueur"
    avenant_7 = "Avenant 7 à la convention médicale de 2016"
    reglement_arbitral_2023 = "Règlement arbitral de 2023"
    convention_2024 = "Convention médicale 2024-2029"


class OptionETP(Enum):
    """Share of full time of the assistant that the doctor subscribes."""

    tiers_etp = "1/3 ETP"
    demi_etp = "1/2 ETP"
    un_etp = "1 ETP"
    un_et_demi_etp = "1,5 ETP"
    deux_etp = "2 ETP"


class OptionETPAvenant(Enum):
    """Option that an amendment sets for one contract year."""

    tiers_etp = "1/3 ETP"
    demi_etp = "1/2 ETP"
    un_etp = "1 ETP"
    un_et_demi_etp = "1,5 ETP"
    deux_etp = "2 ETP"
    sans_avenant = "Sans avenant : l’option initiale"


class Specialite(Enum):
    """Specialities as the documents group them."""

    generaliste = "Médecine générale (01)"
    mep = "Généraliste à mode d’exercice particulier (02)"
    cardiologue = "Cardiologie (04)"
    dermatologue = "Dermatologie (06)"
    gynecologue_medical = "Gynécologie médicale (10)"
    gastro_enterologue = "Gastro-entérologie (11)"
    interniste = "Médecine interne (12)"
    orl_medical = "ORL médicale (13)"
    pediatre = "Pédiatrie (14)"
    pneumologue = "Pneumologie (15)"
    rhumatologue = "Rhumatologie (16)"
    ophtalmologue = "Ophtalmologie (17)"
    mpr = "Médecine physique et de réadaptation (19)"
    neurologue = "Neurologie (20)"
    psychiatre = "Psychiatrie et neuro-psychiatrie (21)"
    nephrologue = "Néphrologie (22)"
    endocrinologue = "Endocrinologie (24)"
    geriatre = "Gériatrie (25)"
    medecine_vasculaire = "Médecine vasculaire (84)"
    allergologue = "Allergologie (85)"
    chirurgien = "Chirurgie"
    orl_chirurgical = "ORL chirurgicale"
    gynecologue_obstetricien = "Gynécologie obstétrique"
    autre = "Autre spécialité"
    radiologue = "Radiologie"
    radiotherapeute = "Radiothérapie"
    stomatologue = "Stomatologie"
    anesthesiste = "Anesthésie"
    anatomo_cytopathologiste = "Anatomie et cytologie pathologiques"
    medecin_nucleaire = "Médecine nucléaire"


class SecteurConventionnel(Enum):
    """Fee sector."""

    secteur_1 = "Secteur 1"
    secteur_2_optam = "Secteur 2 avec OPTAM, OPTAM-CO ou OPTAM-ACO"
    secteur_2 = "Secteur 2 sans option"
    secteur_3 = "Secteur 3, non conventionné"


class Zone(Enum):
    """Zones of the regional health agency."""

    hors_zone = "Hors zone"
    zac = "Zone d’action complémentaire (ZAC)"
    zip = "Zone d’intervention prioritaire (ZIP)"


class TrancheDeclaree(Enum):
    """Band of *patientèle* told by the CPAM."""

    moins_de_p30 = "Sous le 30e percentile"
    p30_p90 = "Du 30e au 90e percentile"
    p90_p95 = "Du 90e au 95e percentile"
    p95_et_plus = "Au 95e percentile et au-delà"
    non_declaree = "Non déclarée"


class TrancheObjectifDeclaree(Enum):
    """Band of the starting count that sets the objective of avenant 7, told by the CPAM."""

    p30_p50 = "Du 30e au 50e percentile"
    p50_p70 = "Du 50e au 70e percentile"
    p70_p90 = "Du 70e au 90e percentile"
    p90_p95 = "Du 90e au 95e percentile"
    non_declaree = "Non déclarée"


class TranchePatientele(Enum):
    """Band of *patientèle*, in rising order: the higher of two is the later."""

    moins_de_p30 = "Sous le 30e percentile"
    p30_p90 = "Du 30e au 90e percentile"
    indeterminee = "Indéterminée : compte ou percentile inconnu"
    p90_p95 = "Du 90e au 95e percentile"
    p95_et_plus = "Au 95e percentile et au-delà"


class MotifIneligibilite(Enum):
    """First condition that fails, in the order of the specification."""

    aucun = "Aucun : le médecin est éligible"
    aucun_texte = "Aucun texte n’est en vigueur à la signature"
    specialite_exclue = "Spécialité exclue de l’aide"
    honoraires_cliniques = "Part d’honoraires cliniques insuffisante"
    secteur = "Secteur conventionnel non éligible"
    patientele_insuffisante = "Patientèle sous le seuil minimal d’activité"
    exercice_isole = "Exercice isolé hors zone sous-dense"
    option_fermee = "Option non ouverte à la souscription ce jour-là"
    carence = "Délai de carence après un contrat résilié"


class TypeObjectif(Enum):
    """What the doctor commits to, for one count and one contract year."""

    sans_objet = "Sans objet"
    fixe_avec_la_caisse = "Fixé avec la caisse"
    installation = "Atteindre la médiane après une première installation"
    maintien = "Maintenir la patientèle"
    augmentation = "Augmenter la patientèle"


class CasModulation(Enum):
    """Line of the documents that gives the part of the aid paid for a contract year."""

    aucune_annee = "Pas d’année de contrat"
    decision_cpn = "Décision de la commission paritaire nationale"
    versement_integral = "Versement intégral des deux premières années"
    inconnu = "Objectif ou résultat inconnu : versement favorable"
    prorata = "Prorata du meilleur taux, sans palier"
    installation = "Médecin nouvellement installé"
    maintien = "Objectifs de maintien"
    mixte = "Un objectif de maintien et un d’augmentation"
    standard = "Objectifs d’augmentation"


class ProfilAssistant(Enum):
    """Profile of the assistant at the recruitment."""

    infirmier = "Infirmier"
    aide_soignant = "Aide-soignant"
    auxiliaire_de_puericulture = "Auxiliaire de puériculture"
    titulaire_cqp = "Titulaire du CQP d’assistant médical"
    secretaire_medical = "Secrétaire médical"
    assistant_dentaire = "Assistant dentaire"
    autre = "Autre profil"


class FormationRequise(Enum):
    """Training that the assistant must follow, by profile."""

    aucune = "Aucune formation"
    fae = "Formation d’adaptation à l’emploi (FAE)"
    cqp = "Certificat de qualification professionnelle (CQP)"


class SocieteSignataire(Enum):
    """Company that signs a collective contract."""

    scp = "Société civile professionnelle (SCP)"
    scm = "Société civile de moyens (SCM)"
    sisa = "Société interprofessionnelle de soins ambulatoires (SISA)"
    sel = "Société d’exercice libéral (SEL)"
    autre = "Autre forme de société"
    non_declaree = "Non déclarée"


class AssocieEnNomPropre(Enum):
    """Whether a doctor is a partner of the company, in their own name."""

    associe = "Associé en son nom propre"
    non_associe = "Pas associé en son nom propre"
    non_declare = "Non déclaré"


class MotifRefusCollectif(Enum):
    """First condition of a collective contract that fails."""

    aucun = "Aucun : le cabinet peut signer le contrat collectif"
    aucun_texte = "L’aide collective n’existe pas à la signature"
    societe = "Société qui ne peut pas signer le contrat collectif"
    aucun_adherent = "Aucun médecin admis n’adhère à la signature"
    patientele_insuffisante = "Patientèle moyenne du groupe sous le 30e percentile"


class MotifRefusAdhesion(Enum):
    """First condition of a doctor’s part in a collective contract that fails."""

    aucun = "Aucun : le médecin est admis"
    sans_adhesion = "Le médecin n’adhère pas"
    specialite = "Réservé à la médecine générale, hors exercice particulier"
    secteur = "Secteur conventionnel non admis"
    non_associe = "Le médecin n’est pas associé en son nom propre"
    contrat_individuel = "Contrat individuel non clos à l’entrée dans le contrat collectif"
    carence = "Délai de carence après un contrat collectif"
