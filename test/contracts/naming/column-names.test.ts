import { expect } from 'chai';
import { isCalled, topicAfterAdmission } from '../../../contracts/naming/column-names.js';
import { contractNames } from '../../../contracts/naming/contract-names.js';

const words = (text: string) => text.trim().split(/\s*[\n,]\s*/);

/** Names of columns as standards and hospitals have them, all written down at or after the end of the stay. */
const LATE: Readonly<Record<string, string>> = {
  MIMIC: `dischtime, deathtime, discharge_location, hospital_expire_flag, dod, dod_hosp, los, last_careunit, last_wardid, outtime, drg_code,
    drg_severity, drg_mortality`,
  OMOP: `visit_end_date, visit_end_datetime, discharged_to_concept_id, discharge_to_concept_id, discharged_to_source_value, death_date,
    death_datetime, total_charge, total_cost, total_paid, drg_concept_id, drg_source_value`,
  Tuva: `encounter_end_date, length_of_stay, discharge_disposition_code, discharge_disposition_description, ms_drg_code, ms_drg_description, apr_drg_code,
    drg_code_type, paid_amount, allowed_amount, charge_amount, claim_count, inst_claim_count, prof_claim_count, mortality_flag, died`,
  FHIR: `dischargeDisposition, hospitalization_dischargeDisposition, deceasedDateTime, deceasedBoolean, period_end, length, status, locationLast,
    lengthOfStay`,
  HL7: `discharge_disposition, discharged_to_location, discharge_date_time, total_charges, total_payments, patient_death_date_and_time,
    patient_death_indicator, actual_length_of_inpatient_stay, expected_length_of_stay, visit_status`,
  SPARCS: `Length of Stay, Patient Disposition, CCSR Procedure Code, APR DRG Code, APR MDC Code, APR Severity of Illness Code, APR Risk of Mortality,
    Total Charges, Total Costs`,
  HCUP: `DISPUNIFORM, DIED, TOTCHG, I10_NDX, I10_NPR, NPR, TRAN_OUT, PRDAY1, APRDRG, MDC`,
  'Medicare claims': `clm_pmt_amt, clm_drg_cd, clm_utlztn_day_cnt, nch_bene_dschrg_dt, clm_thru_dt, ptnt_dschrg_stus_cd, clm_tot_chrg_amt`,
  English: `dc_date, DC_DTTM, dc_dispo, d/c disposition, num_days, end_date, ICU_admission, nosocomial_infection, surgery, icu_days, ICU days, vent_hours, ventilation_hours, hours_on_ventilator, days_in_icu, ventilator_days, num_procedures, num_medications,
    num_lab_procedures, number_diagnoses, readmitted, invoice_total, outcome, time_in_hospital, last_ward, final_diagnosis, surgery_duration,
    transfers, died_in_hospital, survived, expired, cpt_code, procedure_1, PrincipalProcedure, LOS_days, bed_days, n_labs, lab_count`,
  German: `Behandlungsende, VWD, Behandlungstage, Krankenhausaufenthaltstage, Weiterbehandlung, OP, Beatmungsstunden, Entlassdatum, Entlassungsgrund, Entlassungsart, Verweildauer, Liegetage, Liegedauer Intensiv, ITS-Tage, Intensivstunden,
    Verstorben, Tod, Sterbedatum, Fallpauschale, DRG, G-DRG, PCCL, Effektivgewicht, Erlös, Erlöse, Rechnungsbetrag, Fallkosten, OPS, OPS-Kode,
    Hauptprozedur, OP-Dauer, letzte Station, Entlass-Station, Anzahl Verlegungen, Anzahl Medikamente, Komplikationen, Wiederaufnahme, Austrittsart`,
  French: `Date fin, DMS, Date de sortie, Mode de sortie, Durée de séjour, Durée séjour, Décès, Date décès, GHM, GHS, Coût, Montant facturé, CCAM, Actes, Heures ventilation,
    Durée réanimation, nb_actes, destination_sortie`,
  Spanish: `Fecha de alta, Motivo de alta, Fecha egreso, Estancia, Días de estancia, Fallecido, Defunción, Éxitus, Coste total, Importe, Procedimiento principal,
    Horas ventilación, Días UCI, reingreso`,
  Italian: `Data dimissione, Tipo dimissione, Degenza, Giornate degenza, Decesso, Deceduto, Costo, Importo, Intervento, Durata ventilazione, Ore ventilazione, esito`,
  Dutch: `Ontslagdatum, Ontslagbestemming, Ligduur, Ligdagen, Verpleegduur, Overleden, Overlijdensdatum, Sterfte, Kosten, Bedrag, DBC, Verrichtingen, Beademingsuren,
    Uren beademing, heropname`,
  'SIH, in Portuguese': `VAL_SH, VAL_TOT, VAL_UTI, UTI_MES_TO, UTI_INT_TO, DIAR_ACOM, QT_DIARIAS, DIAS_PERM, COBRANCA, MORTE, DT_SAIDA, valor_total,
    motivo da saída, óbito, custo, tempo_internação`,
  Danish: `sengedage, liggetid, udgift, beløb, udskrivningsdato, dødsdato, genindlæggelse`,
  Polish: `liczba_dni_pobytu, osobodni, koszt, kwota, tryb_wypisu, data_zgonu, powikłania`,
};

/** Known on admission, though the name has a word of the above, or a part of one. */
const KNOWN = `
  Kostenstelle, Kostenträger, KOSTENTRAGER, cost_center, cost centre, Centre de coût, Centro de coste, Kostenplaats, prise en charge, charge_nurse,
  prior_discharge_date, previous_los, days_since_last_discharge, preceding_visit_occurrence_id, earlier_bed_days, Vorheriger Aufenthalt,
  planned_procedure, waiting_days, Wartetage, admission_type, admission_location, admit_source_code, admitting_source_value, Aufnahmegrund, Aufnahmeart,
  Einweisungsdiagnose, ward, Station, Fachabteilung, age, Alter, sex, Gewicht, insurance, language, marital_status, smoking_status, ethnicity, payer_primary,
  haemoglobin, creatinine, prior_cardiomyopathy, ejection_fraction, acute_kidney_injury, severity_of_illness, visitors_with_patient, admission_deposit,
  bed_grade, number_inpatient, number_emergency, diabetesMed, chronic_kidney_disease, ed_indicator, hospital_county, edregtime, motivo ingreso,
  motif admission, operation_history, clm_from_dt, HOSP_ADMSN_TIME, PAY1, TRAN_IN, provenienza, herkomst, Procalcitonin, tobacco, stage, operator, mortar, Allergien, storage`;

describe('names of columns', () => {
  for (const [where, names] of Object.entries(LATE))
    it(`say what is known only after admission: ${where}`, () => {
      const unknown = words(names).filter((name) => topicAfterAdmission(name) === undefined);
      expect(unknown).to.deep.equal([]);
      // Under the name that a contract has for it too.
      const renamed = contractNames(words(names)).filter((name) => topicAfterAdmission(name) === undefined);
      expect(renamed).to.deep.equal([]);
    });

  it('are not taken for late where they are of the admission, or of what was before it', () => {
    const late = words(KNOWN).filter((name) => topicAfterAdmission(name) !== undefined);
    expect(late.map((name) => `${name}: ${topicAfterAdmission(name)}`)).to.deep.equal([]);
  });

  it('say what is a postcode', () => {
    for (const name of [
      'PLZ',
      'Postleitzahl',
      'ZIP',
      'zip_code',
      'Postcode',
      'Code postal',
      'Código postal',
      'CAP',
      'CP',
    ])
      expect(isCalled('postcode', name), name).to.equal(true);
    for (const name of ['capacity', 'CPR', 'post_op', 'capillary_refill'])
      expect(isCalled('postcode', name), name).to.equal(false);
  });

  it('become names that SQL takes without quotes, each once', () => {
    expect(
      contractNames([
        'Hauptdiagnose (ICD-10)',
        'hauptdiagnose icd 10',
        'Größe',
        'Grosse',
        'order',
        '1st',
        'dischargeDisposition',
        '%',
        'BUILT_AT',
        'los',
      ]),
    ).to.deep.equal([
      'HAUPTDIAGNOSE_ICD_10',
      'HAUPTDIAGNOSE_ICD_10_2',
      'GROSSE',
      'GROSSE_2',
      'ORDER_',
      'C_1ST',
      'DISCHARGE_DISPOSITION',
      '_',
      'BUILT_AT_',
      'LOS',
    ]);
  });
});
