import { random } from '../../../procedures/ground/random.js';

/** How a made-up hospital writes its files. */
export interface Habits {
  readonly language: keyof typeof HEADERS;
  readonly separator: ',' | ';' | '\t';
  readonly encoding: 'utf-8' | 'utf-8 with BOM' | 'windows-1252' | 'utf-16le';
  readonly dates: keyof typeof DATES;
  /** Of days up to the 12th only, no value settles what is the month. */
  readonly earlyDays: boolean;
  readonly decimalComma: boolean;
  readonly quoteAll: boolean;
  readonly crlf: boolean;
  readonly seed: number;
}

export interface HospitalFile {
  readonly bytes: Buffer;
  /** Headers by what the columns are. */
  readonly headers: Readonly<Record<keyof (typeof HEADERS)['german'], string>>;
  /** What is true of every row: day of admission and discharge, weight. */
  readonly truth: readonly {
    readonly id: string;
    readonly came: string;
    readonly went: string;
    readonly weight: string;
  }[];
}

const KEYS =
  'id patient came went age weight ward sex postcode text allergy costCentre late1 late2 late3 late4 late5'.split(
    ' ',
  );
const headers = (line: string) =>
  Object.fromEntries(line.split('|').map((name, i) => [KEYS[i]!, name])) as Record<
    | 'id'
    | 'patient'
    | 'came'
    | 'went'
    | 'age'
    | 'weight'
    | 'ward'
    | 'sex'
    | 'postcode'
    | 'text'
    | 'allergy'
    | 'costCentre'
    | 'late1'
    | 'late2'
    | 'late3'
    | 'late4'
    | 'late5',
    string
  >;
export const HEADERS = {
  german: headers(
    'Fallnummer|Patienten-Nr.|Aufnahmedatum|Entlassungsdatum|Alter (Jahre)|Gewicht in kg|Station|Geschlecht|PLZ|Bemerkung|Allergien|Kostenstelle|Beatmungsstunden|Rechnungsbetrag (€)|Entlassungsgrund|Verstorben|Liegedauer Intensiv',
  ),
  english: headers(
    'EncounterID|MRN|Admit Date/Time|Discharge Date/Time|Age|Weight (kg)|Ward|Sex|ZIP|Comments|Allergies|Cost Center|VentHours|Total Charges|dischargeDisposition|hospital_expire_flag|ICU days',
  ),
  french: headers(
    'N° séjour|IPP|Date entrée|Date sortie|Âge|Poids|Unité|Sexe|Code postal|Commentaire|Allergies|Centre de coût|Durée ventilation|Montant facturé|Mode de sortie|Décès|Durée réanimation',
  ),
  spanish: headers(
    'Episodio|ID paciente|Fecha ingreso|Fecha alta|Edad|Peso|Sala|Sexo|Código postal|Observaciones|Alergias|Centro de coste|Horas ventilación|Importe total|Motivo alta|Fallecido|Días UCI',
  ),
  italian: headers(
    'Numero ricovero|ID paziente|Data ricovero|Data dimissione|Età|Peso|Reparto|Sesso|CAP|Osservazioni|Allergie|Centro di costo|Ore ventilazione|Importo|Esito dimissione|Deceduto|Giorni terapia intensiva',
  ),
  dutch: headers(
    'Opnamenummer|Patientnummer|Opnamedatum|Ontslagdatum|Leeftijd|Gewicht|Afdeling|Geslacht|Postcode|Opmerkingen|Allergie|Kostenplaats|Uren beademing|Bedrag|Ontslagbestemming|Overleden|Ligduur IC',
  ),
};

const two = (n: number) => String(n).padStart(2, '0');
/** Ways of writing a time. */
export const DATES = {
  iso: (t: Date) => `${day(t)} ${clock(t)}`,
  isoSeconds: (t: Date) => `${day(t)}T${clock(t)}:00`,
  offset: (t: Date) =>
    `${day(t)}T${clock(t)}:00${t.getUTCMonth() > 2 && t.getUTCMonth() < 10 ? '+02:00' : '+01:00'}`,
  dotted: (t: Date) => `${two(t.getUTCDate())}.${two(t.getUTCMonth() + 1)}.${t.getUTCFullYear()} ${clock(t)}`,
  dottedShort: (t: Date) => `${t.getUTCDate()}.${t.getUTCMonth() + 1}.${two(t.getUTCFullYear() % 100)}`,
  slashed: (t: Date) =>
    `${two(t.getUTCDate())}/${two(t.getUTCMonth() + 1)}/${t.getUTCFullYear()} ${clock(t)}`,
  american: (t: Date) =>
    `${t.getUTCMonth() + 1}/${t.getUTCDate()}/${t.getUTCFullYear()} ${t.getUTCHours() % 12 || 12}:${two(t.getUTCMinutes())} ${t.getUTCHours() < 12 ? 'AM' : 'PM'}`,
  oracle: (t: Date) => `${two(t.getUTCDate())}-${MONTHS[t.getUTCMonth()]}-${two(t.getUTCFullYear() % 100)}`,
  digits: (t: Date) => `${day(t).replaceAll('-', '')}${clock(t).replace(':', '')}`,
};
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const day = (t: Date) => t.toISOString().slice(0, 10);
const clock = (t: Date) => t.toISOString().slice(11, 16);

/** Ambiguous as long as every day is one of the first twelve. */
export const AMBIGUOUS: readonly (keyof typeof DATES)[] = ['slashed', 'american'];

/** A file of admissions as such a hospital would export it. */
export function hospitalFile(habits: Habits, rows = 240): HospitalFile {
  const next = random(habits.seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const names = HEADERS[habits.language];
  const comma = (value: string) => (habits.decimalComma ? value.replace('.', ',') : value);
  const truth: HospitalFile['truth'][number][] = [];
  const lines = [Object.values(names)];
  for (let row = 0; row < rows; row++) {
    const month = Math.floor(12 * next());
    const came = new Date(
      Date.UTC(
        2024 + (row % 2),
        month,
        1 + Math.floor(next() * (habits.earlyDays ? 9 : 27)),
        Math.floor(24 * next()),
        Math.floor(60 * next()),
      ),
    );
    const nights = habits.earlyDays ? Math.floor(3 * next()) : Math.ceil(14 * next() ** 2);
    const gone = row % 11 !== 0;
    const went = new Date(came.getTime() + nights * 86_400_000);
    const write = DATES[habits.dates];
    const weight = (45 + 60 * next()).toFixed(1);
    const left = (value: string) => (gone ? value : '');
    truth.push({ id: String(40_000 + row), came: day(came), went: left(day(went)), weight });
    lines.push([
      String(40_000 + row),
      `P${Math.floor((rows * next()) / 1.5)}`,
      write(came),
      left(write(went)),
      next() < 0.05 ? 'unbekannt' : String(Math.floor(95 * next())),
      comma(weight),
      pick(['A1', 'A2', 'B1', 'Intensiv']),
      pick(['m', 'w']),
      `0${1000 + Math.floor(8999 * next())}`,
      `Näheres ${row % 3 === 0 ? 'siehe\nBrief' : 'im "Bericht"; s. o.'}, ${Math.floor(1e6 * next())}`,
      next() < 0.15 ? 'Penicillin' : '',
      pick(['4711', '4712', '4720']),
      String(Math.floor(100 * next() ** 4)),
      comma((nights * 900 + 100 * next()).toFixed(2)),
      left(pick(['01', '07', '09'])),
      pick(['0', '0', '0', '1']),
      String(Math.floor(nights * next())),
    ]);
  }
  const quote = (field: string) =>
    habits.quoteAll || /["\n\t;,]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  const end = habits.crlf ? '\r\n' : '\n';
  const text = lines.map((line) => line.map(quote).join(habits.separator)).join(end) + end;
  return { bytes: encoded(text, habits.encoding), headers: names, truth };
}

function encoded(text: string, encoding: Habits['encoding']): Buffer {
  if (encoding === 'utf-16le') return Buffer.from(`\uFEFF${text}`, 'utf16le');
  if (encoding === 'windows-1252') return Buffer.from(text.replaceAll('€', '\u0080'), 'latin1');
  return Buffer.from(encoding === 'utf-8' ? text : `\uFEFF${text}`);
}
