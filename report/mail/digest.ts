import { mailOf } from '../../procedures/notifying/letter.js';
import type { EventMessage } from '../../procedures/notifying/outbox.js';
import { count } from '../text/count.js';
import { localTime } from '../text/local-time.js';
import type { MailEvents } from './events.js';

/** Lines of the table: a day of runs every 15 minutes does not fit a phone. */
const SHOWN = 12;

/**
 * The one mail of what can wait: warnings and what the loop did, and in numbers what repeats and went well.
 * @param zone in which it says when something was scored
 */
export function digestOf(events: readonly EventMessage[], zone: string): MailEvents['events'] {
  const routine = events.filter(({ severity }) => severity === 'routine');
  const letter = mailOf({ events: events.filter(({ severity }) => severity !== 'routine') });
  if (routine.length === 0) return letter;
  const runs = routineRuns(routine, zone);
  if (letter.events.length === 0) return { ...runs, events: [] };
  return { ...runs, ...letter, summary: letter.summary || runs.summary };
}

function routineRuns(runs: readonly EventMessage[], zone: string) {
  const scorings = runs.filter(({ scored }) => scored > 0);
  const scored = scorings.reduce((sum, run) => sum + run.scored, 0);
  const shown = scorings.slice(-SHOWN);
  const others = new Map<string, number>();
  for (const run of runs) if (run.scored === 0) others.set(run.subject, (others.get(run.subject) ?? 0) + 1);
  const times = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  return {
    title: scored > 0 ? `${count(scored, 'admission')} scored in ${times}` : `${times} with nothing to do`,
    key: [
      { label: 'admissions scored', value: scored },
      { label: runs.length === 1 ? 'run of los' : 'runs of los', value: runs.length },
    ],
    summary: 'Since the mail of the day before. What fails or changes something has a mail of its own.',
    figures: [...others].map(([label, count]) => ({ label, value: count === 1 ? 'once' : `${count} times` })),
    tables:
      shown.length === 0
        ? []
        : [
            {
              title:
                shown.length < scorings.length
                  ? `The last ${shown.length} of ${scorings.length} scorings`
                  : 'Scorings',
              columns: ['at', 'admissions'],
              rows: shown.map((run) => [localTime(run.at, zone).slice(5), run.scored]),
              bar: 1,
            },
          ],
    next: 'No action needed. Every run of the pipeline, including those of Snowflake’s tasks:',
    commands: ['SELECT * FROM LOS_RUN_LOG ORDER BY STARTED_AT DESC LIMIT 20;'],
  };
}
