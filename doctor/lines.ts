import type { Verdict } from './check.js';
import type { Diagnosis, Finding } from './examine.js';

/** Every hop with what was found, then what to mend first. */
export function diagnosisLines({ findings, first }: Diagnosis): string[] {
  const signs = { sound: 'ok', broken: 'BROKEN', unknown: '-' };
  return [
    ...findings.flatMap((finding) => lines(signs[finding.state], finding.check, [words(finding)])),
    '',
    ...(first
      ? [`First broken: ${first.check}. ${first.what}`, `Mend it with: ${first.fix}`]
      : [`All ${findings.length} hops are sound.`]),
  ];
}

/** Every question with what was seen and what that means, then how many of them hold. */
export function firstDayLines({
  checks,
  out,
}: {
  readonly checks: readonly {
    readonly verdict: Verdict;
    readonly name: string;
    readonly question: string;
    readonly saw: string;
    readonly means: string;
  }[];
  readonly out: string;
}): string[] {
  const signs = { holds: 'holds', breaks: 'BREAKS', open: 'open' };
  const count = (is: keyof typeof signs) => checks.filter(({ verdict }) => verdict === is).length;
  return [
    ...checks.flatMap(({ verdict, name, question, saw, means }) =>
      lines(signs[verdict], name, [question, saw, means]),
    ),
    '',
    `${count('holds')} hold, ${count('breaks')} break, ${count('open')} open. Written to ${out}: please send it back.`,
  ];
}

/** Describes a hop, in a line. */
function words({ title, state, what, because, note }: Finding): string {
  if (state === 'broken') return what ?? title;
  if (state === 'unknown') return `not looked at, see ${because}`;
  return note === undefined ? title : `${title}: ${note}`;
}

/** Verdict, name and the first of what is said; the rest below it. */
function lines(sign: string, name: string, [first, ...more]: readonly string[]): string[] {
  const indent = '       ';
  return [`${sign.padEnd(indent.length)}${name.padEnd(20)} ${first}`, ...more.map((line) => indent + line)];
}
