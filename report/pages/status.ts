import type { Overview } from '../model/overview.js';
import { absenceSentence } from '../part.js';
import type { Health } from '../results/operation.js';
import { localTime } from '../text/local-time.js';
import { makeSection, type Section } from './page.js';

/** Facts that operators have to know. */
export interface Status {
  /** Notes of the forecast about its data. */
  readonly notes: readonly string[];
  readonly health: Health;
  /** The version that answers; null: none does. */
  readonly champion: Overview | null;
  readonly zone: string;
}

const NOT_WATCHED =
  'Monitoring has not run yet: CALL WATCH_PREDICTIONS() checks inputs, predictions and the pipeline.';

/** Sections about problems and remedies, open alarms, and how scoring does. */
export function statusSections(facts: Status): Section[] {
  return [
    makeSection('What to do', () => whatToDo(facts)),
    makeSection('Alarms', () => alarmsSection(facts)),
    makeSection('Scoring', () => scoringSection(facts)),
  ];
}

/** Next steps, a sentence each; nothing where all is well. */
export function stepsOf(facts: Status): string[] {
  return [
    ...part('The forecast of beds', () => [...facts.notes]),
    ...part('How scoring does', () => [
      ...facts.health.problems.map(
        (problem) => `${problem} los doctor finds what is broken and how to mend it.`,
      ),
      ...facts.health.alarms.map(
        ({ message, lookAt }) => `${message} docs/runbook/${lookAt}.md says what to do.`,
      ),
      ...(facts.health.watched === null ? [NOT_WATCHED] : []),
    ]),
    ...part('The version that answers', () =>
      facts.champion === null ? ['No version answers predict_los yet: los train --promote trains one.'] : [],
    ),
  ];
}

function whatToDo(facts: Status): Section {
  const steps = stepsOf(facts);
  return {
    title: 'What to do',
    ...(steps.length > 0
      ? { steps }
      : { sentences: ['Forecast, monitoring and scoring report no problem.'] }),
  };
}

/** That it cannot be shown is the first thing to do about it. */
function part(what: string, make: () => string[]): string[] {
  try {
    return make();
  } catch (error) {
    return [`${absenceSentence(what, error)} los doctor finds what is broken and how to mend it.`];
  }
}

function alarmsSection({ health, zone }: Status): Section {
  return {
    title: 'Alarms',
    ...(health.alarms.length === 0
      ? { sentences: [monitoringSentence(health, zone)] }
      : {
          tables: [
            {
              title: 'Open alarms',
              columns: ['severity', 'since', 'what'],
              rows: health.alarms.map(({ severity, since, message }) => [severity, since, message]),
            },
          ],
        }),
  };
}

function scoringSection({ health, champion, zone }: Status): Section {
  return {
    title: 'Scoring',
    figures: [
      ...(champion === null ? [] : championFigures(champion, zone)),
      { label: 'Admissions waiting for a prediction', value: health.waiting.admissions },
      { label: 'Admissions in quarantine', value: health.quarantined },
    ],
  };
}

function championFigures({ entry, record: { metrics } }: Overview, zone: string) {
  return [
    { label: 'Champion', value: entry.version },
    {
      label: `Promoted (${zone})`,
      value: entry.promotedAt === null ? '–' : localTime(entry.promotedAt, zone),
    },
    { label: 'Mean absolute error on holdout stays, days', value: metrics.mae.toFixed(2) },
    { label: 'Of predicting the mean, days', value: metrics.meanMae.toFixed(2) },
  ];
}

function monitoringSentence({ watched }: Health, zone: string): string {
  return watched === null
    ? NOT_WATCHED
    : `No alarm is open. Monitored up to ${watched.day}, at ${localTime(watched.at, zone)} (${zone}).`;
}
