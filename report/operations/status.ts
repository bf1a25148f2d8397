import type { MonthCost } from '../results/costs.js';
import type { Status } from '../results/operation.js';
import { count } from '../text/count.js';
import { localTime } from '../text/local-time.js';
import { costLines } from './costs.js';

/**
 * Prints the state of a deployment: what needs attention first, and what it costs before what there is.
 * @param zone IANA name of the zone that times are shown in
 */
export function statusLines(s: Status, zone: string): string[] {
  return [
    ...s.health.problems.map((problem) => `WRONG      ${problem}`),
    ...(s.health.problems.length > 0 ? ['Next: los doctor finds what is broken and how to mend it.'] : []),
    ...s.health.alarms.map(
      ({ severity, since, message }) => `Alarm      ${severity} since ${since}: ${message}`,
    ),
    `Model      ${s.champion ? `${s.champion.version}, since ${localTime(s.champion.since, zone)} (${zone})` : (s.translator ?? 'none promoted yet')}`,
    ...(s.proposed
      ? [
          `Proposed   ${s.proposed.version}, since ${localTime(s.proposed.since, zone)} (${zone}). It passes the gates and waits for you: los model promote ${s.proposed.version}`,
        ]
      : []),
    `Waiting    ${count(s.health.waiting.admissions, 'admission')}${waitingFor(s.health)}, ${s.health.quarantined.toLocaleString('en-US')} in quarantine`,
    `Lag        ${lagWords(s.health)}`,
    `Watched    ${s.health.watched ? `${s.health.watched.day}, at ${localTime(s.health.watched.at, zone)} (${zone})` : 'not yet'}`,
    `Deployed   ${count(s.deployed.asDeclared, 'object')} as declared, ${s.deployed.toChange.length} to change`,
    ...s.endpoints.map(({ name, status }) => `Endpoint   ${name}: ${status}`),
    ...s.tasks.map(
      (t) =>
        `Task       ${t.name}: ${t.state}${t.lastRun ? `, last run ${localTime(t.lastRun, zone)} (${zone}) ${t.lastState}` : ', has not run yet'}`,
    ),
    `30 days    ${costLine(s.spent)}`,
    ...(s.costs
      ? costLines(s.costs).map((line, i) => `${i ? '           ' : 'Costs      '}${line.trim()}`)
      : []),
    ...tableLines(s.rows),
    ...(s.mails === null ? [] : [`Mails      ${s.mails}`]),
    ...(s.spooled === 0
      ? []
      : [`Spool      ${s.spooled} of this machine’s status mails wait for the mail server`]),
  ];
}

/** Prints the cost of the last 30 days, beside what was to be expected. */
function costLine({ credits, creditsUsd, expected, trainingSeconds, trainingUsd }: MonthCost): string {
  const dollars = (usd: number | null) => (usd === null ? 'price not known' : `$${usd.toFixed(2)}`);
  const warehouse =
    credits === null
      ? 'no credits are metered yet, or this role may not see them (MONITOR USAGE: los bootstrap prints the grant)'
      : `${credits.toFixed(1)} credits (${dollars(creditsUsd)}); ${expected.toFixed(1)} a month were to be expected of tasks`;
  return `${warehouse}; trainings ${Math.round(trainingSeconds).toLocaleString('en-US')} s of instances (${dollars(trainingUsd)}); endpoints and batch transforms are in AWS’s bill`;
}

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

/** Describes the lag: the newest features and predictions, and who has not been told what. */
function lagWords({ lag }: Status['health']): string {
  const ageOf = (seconds: number | null) => {
    if (seconds === null) return 'never';
    return seconds < 120 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
  };
  const untold =
    lag.untold === 0
      ? ''
      : `; ${count(lag.untold, 'event waits', 'events wait')} to be mailed, the first for ${Math.floor((lag.untoldSeconds ?? 0) / 3600)} h`;
  const noticed = lag.noticed ? ` (changes noticed ${lag.noticed})` : '';
  return `features built ${ageOf(lag.built)}${noticed}, scored ${ageOf(lag.scored)}${untold}`;
}

function waitingFor({ waiting: { seconds } }: Status['health']): string {
  return seconds === null ? '' : `, the first for ${Math.floor(seconds / 60)} minutes`;
}
