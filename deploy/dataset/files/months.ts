/** Names of months as files write them, in English, German, French, Spanish, Italian and Dutch; without accents and dots. */
const NAMES: readonly string[] = [
  'jan january januar janner janvier janv enero ene gennaio gen januari',
  'feb february februar fevrier fevr fev febrero febbraio februari',
  'mar march marz maerz mrz mars marzo maart mrt',
  'apr april avril avr abril abr aprile',
  'may mai mayo maggio mag mei',
  'jun june juni juin junio giugno giu',
  'jul july juli juillet juil julio luglio lug',
  'aug august aout agosto ago augustus',
  'sep sept september septembre septiembre settembre set',
  'oct october okt oktober octobre octubre ottobre ott',
  'nov november novembre noviembre',
  'dec december dez dezember decembre diciembre dic dicembre',
];

const MONTHS: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap((names, i) => names.split(' ').map((name) => [name, i + 1] as const)),
);

/** The month of a name, 1 to 12; undefined where it is none's. */
export function monthCalled(name: string): number | undefined {
  return MONTHS.get(name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase());
}
