import type { Diagnosis, Finding } from '../../deploy/doctor/check.js';

/** Every hop with what was found, then what to mend first. */
export function diagnosisLines({ findings, first }: Diagnosis): string[] {
  return [
    ...findings.map(line),
    '',
    ...(first
      ? [`First broken: ${first.check}. ${first.what}`, `Mend it with: ${first.fix}`]
      : [`All ${findings.length} hops are sound.`]),
  ];
}

const signs = { sound: 'ok     ', broken: 'BROKEN ', unknown: '-      ' } as const;

function line({ check, title, state, what, because, note }: Finding): string {
  const sound = note === undefined ? title : `${title}: ${note}`;
  const more = state === 'broken' ? what : state === 'unknown' ? `not looked at, see ${because}` : sound;
  return `${signs[state]}${check.padEnd(20)} ${more}`;
}
