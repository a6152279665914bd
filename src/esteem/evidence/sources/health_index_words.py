"""Words, units and known repeats of the ONS Health Index indicators."""

from __future__ import annotations

# indicator: (unit, statistic, what the number is). Units that the packages do not state are left as scores "as published".
INDICATORS = {
    "Suicides": ("rate_per_100000", "rate", "Age-standardised rate per 100,000 over the three years that end with the year named."),
    "Self-harm": ("rate_per_100000", "rate", "Emergency admissions for intentional self-harm per 100,000, age-standardised."),
    "Avoidable mortality": ("rate_per_100000", "rate", "Age-standardised rate per 100,000."),
    "Mortality from all causes": ("rate_per_100000", "rate", "Age-standardised rate per 100,000."),
    "Life satisfaction": ("mean", "mean", "Mean answer from 0 to 10."),
    "Happiness": ("mean", "mean", "Mean answer from 0 to 10."),
    "Activities in life are worthwhile": ("mean", "mean", "Mean answer from 0 to 10."),
    "Feelings of anxiety": ("mean", "mean", "Mean answer from 0 to 10; lower is better."),
    "Life expectancy": ("years", "value", "Years at birth."),
}

_FLAT_TO_2018 = (2016, 2017, 2018)
_FLAT_FROM_2019 = (2020, 2021)

# Years whose value repeats the year before for every place, as the data guide lists them.
CARRIED_FORWARD: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(
        (
            *("Mental health conditions", "Dementia", "Cancer", "Diabetes", "Cardiovascular conditions", "Respiratory conditions"),
            *("Musculoskeletal conditions", "Kidney and liver disease", "High blood pressure", "Internet access"),
        ),
        _FLAT_TO_2018,
    ),
    "Patients offered acceptable GP practice appointments": (*_FLAT_TO_2018, 2021),
    **dict.fromkeys(
        (
            *("Self-harm", "Avoidable mortality", "Alcohol misuse", "Drug misuse", "Frailty", "Life expectancy"),
            *("Low-level crime", "Personal crime", "Noise complaints", "Teenage pregnancy"),
        ),
        (2021,),
    ),
    "Healthy eating": (2016, 2021),
    **dict.fromkeys(
        (
            *("Child poverty", "Distance to GP services", "Distance to pharmacies", "Distance to sports or leisure facilities"),
            *("Early years development", "Pupil absences", "Pupil attainment", "Workplace safety"),
        ),
        _FLAT_FROM_2019,
    ),
    **dict.fromkeys(
        (
            *("Physical activity", "Sedentary behaviour", "Overweight and obesity in adults"),
            "Young people in education, employment and apprenticeships",
        ),
        (2016,),
    ),
    "Private outdoor space": tuple(range(2016, 2022)),
}

# Columns of the wide 2018 layout that the guide or their own names explain: (title, unit, statistic).
COLUMNS_2018 = {
    "suicide": ("Suicides, age-standardised rate per 100,000 over three years", "rate_per_100000", "rate"),
    "self_harm": ("Self-harm, emergency admissions per 100,000", "rate_per_100000", "rate"),
    "depres": ("Depression", "score", "value"),
    "srwb_sat": ("Life satisfaction, mean answer from 0 to 10", "mean", "mean"),
    "srwb_worth": ("Activities in life are worthwhile, mean answer from 0 to 10", "mean", "mean"),
    "srwb_hap": ("Happiness, mean answer from 0 to 10", "mean", "mean"),
    "srwb_anx": ("Feelings of anxiety, mean answer from 0 to 10", "mean", "mean"),
    "semh_child": ("Children's social, emotional and mental health", "score", "value"),
    "avoid_mort": ("Avoidable mortality, age-standardised rate per 100,000", "rate_per_100000", "rate"),
    "rough_sleep": ("Rough sleeping", "score", "value"),
}
