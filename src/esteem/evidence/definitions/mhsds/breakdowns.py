"""Every breakdown the national files publish, by its name in each pipeline, and the attribute columns whose values are its level codes.

A cohort supplies the attribute columns; the engine then computes the breakdown. A new breakdown is one line here (or, for one family, a
`Breakdown` in that family's file).
"""

from __future__ import annotations

from esteem.evidence.record_model import Breakdown

ENGLAND = Breakdown("England", ("england",))
PROVIDER = Breakdown("Provider", ("provider",))
REGION = Breakdown("Commissioning Region", ("region",))

# --- menh_bbrb
SUB_ICB = Breakdown("Sub ICB of GP Practice or Residence", ("sub_icb",))
ICB = Breakdown("ICB of GP Practice or Residence", ("icb",))
SUB_ICB_OF_RESIDENCE = Breakdown("Sub ICB of Residence", ("sub_icb_of_residence",))
SENDING_PROVIDER = Breakdown("Sending Provider", ("sending_provider",))
RECEIVING_PROVIDER = Breakdown("Receiving Provider", ("receiving_provider",))
AGE_BAND = Breakdown("England; Age Band", ("age_band",))
GENDER = Breakdown("England; Gender", ("gender",))
UPPER_ETHNICITY = Breakdown("England; Upper Ethnicity", ("ethnicity_group",))
WHITE_BRITISH = Breakdown("England; Ethnicity (White British/Non-White British)", ("white_british",))
IMD_DECILE = Breakdown("England; IMD Decile", ("imd_decile",))
IMD_CORE20 = Breakdown("England; IMD Core20", ("imd_core20",))
LD_STATUS = Breakdown("England; LD Status", ("ld_status",))
BED_TYPE_CODE = Breakdown("England; Bed Type", ("bed_type",))
GAP_WHITE_BRITISH = Breakdown("England; Ethnicity - Standardised Rate Difference from White British", ("england",))
GAP_MOST_DEPRIVED = Breakdown("England; IMD - Standardised Rate Difference from Most Deprived Quintile", ("england",))

# --- menh_publications and menh_analysis: GP Practice or Residence is named after a dash; crosses stand for themselves
SUB_ICB_DASH = Breakdown("Sub ICB - GP Practice or Residence", ("sub_icb",))
ICB_DASH = Breakdown("ICB - GP Practice or Residence", ("icb",))
PROVIDER_OF_RESPONSIBILITY = Breakdown("Provider of Responsibility", ("responsible_provider",))
SUB_ICB_PROVIDER_OF_RESPONSIBILITY = Breakdown(
    "Sub ICB - GP Practice or Residence; Provider of Responsibility", ("sub_icb", "responsible_provider")
)

# --- menh_publications: ethnicity in five groups (ethnicity_group_short), CASSR = council with social care duties
ETHNICITY_GROUPS = Breakdown("England; Ethnicity", ("ethnicity_group_short",))
PROVIDER_ETHNICITY = Breakdown("Provider; Ethnicity", ("provider", "ethnicity_group_short"))
SUB_ICB_ETHNICITY = Breakdown("Sub ICB - GP Practice or Residence; Ethnicity", ("sub_icb", "ethnicity_group_short"))
COUNCIL = Breakdown("CASSR", ("local_authority",))
COUNCIL_PROVIDER = Breakdown("CASSR;Provider", ("local_authority", "provider"))
COUNCIL_GENDER = Breakdown("CASSR;Gender", ("local_authority", "gender"))
COUNCIL_PROVIDER_GENDER = Breakdown("CASSR;Provider;Gender", ("local_authority", "provider", "gender"))
ENGLAND_GENDER_TIGHT = Breakdown("England;Gender", ("gender",))
PROVIDER_GENDER = Breakdown("Provider;Gender", ("provider", "gender"))

# --- menh_analysis: ethnicity by single category (ethnicity); the same attribute across England, provider and sub-ICB
AGE = Breakdown("England; Age", ("age_band",))
ETHNICITY = Breakdown("England; Ethnicity", ("ethnicity",))
AUTISM_STATUS = Breakdown("England; Autism Status", ("autism_status",))
_ACROSS = {
    "Age Group": "age_group",
    "Attendance": "attendance",
    "ConsMechanismMH": "mechanism",
    "Bed Type": "bed_group",
    "Delayed discharge reason": "delay_reason",
    "Delayed discharge attributable to": "delay_attributed_to",
}


def across(attribute: str) -> tuple[Breakdown, ...]:
    """England, provider and sub-ICB by one attribute of menh_analysis: across("Age Group") needs the column `age_group`."""
    column = _ACROSS[attribute]
    return (
        Breakdown(f"England; {attribute}", (column,)),
        Breakdown(f"Provider; {attribute}", ("provider", column)),
        Breakdown(f"Sub ICB - GP Practice or Residence; {attribute}", ("sub_icb", column)),
    )


# --- sets that many measures share
AREAS_BBRB = (ENGLAND, PROVIDER, SUB_ICB, ICB, REGION)
AREAS_DASH = (ENGLAND, PROVIDER, SUB_ICB_DASH)
PEOPLE_ANALYSIS = (AGE, GENDER, ETHNICITY, IMD_DECILE, LD_STATUS, AUTISM_STATUS)

# --- our own measures: every split that a person's record gives
IMD_QUINTILE = Breakdown("England; IMD Quintile", ("imd_quintile",))
LOCAL_AUTHORITY = Breakdown("Local Authority", ("local_authority",))
OWN_AREAS = (ENGLAND, PROVIDER, SUB_ICB, ICB, REGION, LOCAL_AUTHORITY)
OWN_SPLITS = (*OWN_AREAS, AGE_BAND, GENDER, UPPER_ETHNICITY, IMD_DECILE, IMD_QUINTILE, LD_STATUS, AUTISM_STATUS)
