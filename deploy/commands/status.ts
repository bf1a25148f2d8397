import { count } from '../../report/text/count.js';
import { localTime, UTC } from '../../report/text/local-time.js';
import { costLines } from '../clients/control.js';
import { effortLines } from '../operate/effort.js';
import { spentLine } from '../operate/spent.js';
import { type Status, status } from '../operate/status.js';
import type { Command } from './command.js';

export const command: Command<Record<string, never>, Status> = {
  examples: [
    [
      'los status',
      'versions, endpoints, tasks, who waits; ends with 1 when scoring does not do what it should',
    ],
    ['los status --target cloud --json', 'the same of the real clouds, for a script'],
  ],
  run: (ctx) => ctx.progress.step('Look at both clouds', () => status(ctx)),
  // What needs attention first, and what it costs before what there is.
  print: (s, { timeZone: zone } = { timeZone: UTC }) => [
    ...s.health.problems.map((problem) => `WRONG      ${problem}`),
    ...(s.health.problems.length > 0 ? ['Next: los doctor finds what is broken and how to mend it.'] : []),
    ...s.health.alarms.map(
      ({ severity, since, message }) => `Alarm      ${severity} since ${since}: ${message}`,
    ),
    `Model      ${s.champion ? `${s.champion.version}, since ${localTime(s.champion.since, zone)} (${zone})` : (s.translator ?? 'none promoted yet')}`,
    `Waiting    ${s.health.waiting.admissions.toLocaleString('en-US')} admissions${waitingFor(s.health)}, ${s.health.quarantined.toLocaleString('en-US')} in quarantine`,
    `Lag        ${lagWords(s.health)}`,
    `Watched    ${s.health.watched ? `${s.health.watched.day}, at ${localTime(s.health.watched.at, zone)} (${zone})` : 'not yet'}`,
    `Deployed   ${s.deployed.asDeclared} objects as declared, ${s.deployed.toChange.length} to change`,
    ...s.endpoints.map(({ name, status }) => `Endpoint   ${name}: ${status}`),
    ...s.tasks.map(
      (t) =>
        `Task       ${t.name}: ${t.state}${t.lastRun ? `, last run ${localTime(t.lastRun, zone)} (${zone}) ${t.lastState}` : ', has not run yet'}`,
    ),
    ...(s.effort ? effortLines(s.effort) : []),
    `This month ${spentLine(s.spent)}`,
    ...(s.costs
      ? costLines(s.costs).map((line, i) => `${i ? '           ' : 'Costs      '}${line.trim()}`)
      : []),
    ...tableLines(s.rows),
    ...(s.mails === null ? [] : [`Mails      ${s.mails}`]),
  ],
  exitCode: ({ health }) => (health.problems.length > 0 ? 1 : 0),
};

/** Tables by their rows, the largest first; how many are empty, for --json names them. */
function tableLines(rows: Status['rows']): string[] {
  const all = Object.entries(rows).sort(([, a], [, b]) => b - a);
  const filled = all.filter(([, n]) => n > 0);
  const empty = all.length - filled.length;
  const named = filled.map(([table, n]) => `${table} ${n.toLocaleString('en-US')}`).join(', ');
  if (all.length === 0) return [];
  return [
    `Rows       ${[named, ...(empty > 0 ? [count(empty, 'table is empty', 'tables are empty')] : [])].filter(Boolean).join('; ')}`,
  ];
}

/** How far behind what is known is: the newest features and predictions, and who has not been told what. */
function lagWords({ lag }: Status['health']): string {
  const ago = (seconds: number | null) =>
    seconds === null ? 'never' : seconds < 120 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
  const untold =
    lag.untold === 0
      ? ''
      : `; ${count(lag.untold, 'event waits', 'events wait')} to be mailed, the first for ${Math.floor((lag.untoldSeconds ?? 0) / 3600)} h`;
  return `features built ${ago(lag.built)}, scored ${ago(lag.scored)}${untold}`;
}

function waitingFor({ waiting: { seconds } }: Status['health']): string {
  return seconds === null ? '' : `, the first for ${Math.floor(seconds / 60)} minutes`;
}
