import type { Context } from '../../../deploy/context.js';
import { mailFailure } from '../../../deploy/mail/failure.js';
import { letters, mailOf } from '../../../procedures/notifying/letter.js';
import type { EventMessage } from '../../../procedures/notifying/outbox.js';
import { bedMail } from '../../../report/beds/mail.js';
import { digestOf } from '../../../report/mail/digest.js';
import type { MailEvents } from '../../../report/mail/events.js';
import { errorPicture } from '../../../report/watching/error-picture.js';
import { requireValue } from '../../../udfs/require-value.js';
import { fakeContext, silentMail } from '../../deploy/fake-context.js';
import { generalForecast } from '../beds/general-board.js';

/** A mail as it is handed to the mailer. */
export type Handed = { [E in keyof MailEvents]: readonly [event: E, data: MailEvents[E]] }[keyof MailEvents];

/** What a piece of code mails. */
export async function mailed(work: (ctx: Pick<Context, 'mail'>) => Promise<unknown>): Promise<Handed[]> {
  const sent: Handed[] = [];
  const send: Context['mail']['send'] = async (event, data) => sent.push([event, data] as Handed) > 0;
  await work({ mail: { ...silentMail, send } });
  return sent;
}

/** An event as LOS_LEASE_EVENTS gives it. */
export const told = (more: Partial<EventMessage>): EventMessage => ({
  dataset: 'health',
  mail: null,
  scored: 0,
  id: '6f1c2d0a-7f0e-4a53-9a55-1c5a0f6f1b11',
  kind: 'alarm',
  severity: 'warning',
  subject: 'AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL',
  message:
    'AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL is higher by 0.41 standard deviations than in training (1,204 admissions of the week from 2026-11-16 against 48,213 training rows).',
  next: 'See docs/runbook/inputs.md.',
  day: '2026-11-22',
  at: '2026-11-23T05:30:00+0000',
  attempts: 1,
  alarm: 'inputs',
  thread: 'alarm inputs AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL',
  ...more,
});

const outage = told({
  severity: 'critical',
  subject: 'task graph',
  message:
    'Changes of the admissions’ table have not been read for 7 hours: the task graph is suspended or does not start. New admissions get no prediction.',
  next: 'See docs/runbook/scoring.md.',
  alarm: 'scoring',
});

/** For a meeting, and of one ward. */
function bedMails(): Handed[] {
  const names = {
    name: 'St. Mary’s Hospital',
    units: { 'Acute medicine': 'Akutmedizin und Notaufnahme Nord' },
  };
  const notes = [
    '466 patients are currently admitted without a predicted curve; past stays are used instead. los score predicts them.',
  ];
  return [undefined, 'Acute medicine'].map((ward) => {
    const mail = bedMail({ ...generalForecast, ...(ward === undefined ? {} : { ward }) }, names, notes);
    return ['beds', requireValue(mail, 'mail')];
  });
}

/** Twelve weeks, of which the last three have not turned out yet. */
function errorsByWeek() {
  const rows = Array.from({ length: 12 }, (_, i) => ({
    fromDay: new Date(Date.UTC(2026, 8, 7 + 7 * i)).toISOString().slice(0, 10),
    estimated: 11.4 + 0.2 * Math.sin(i),
    realised: i >= 9 ? null : 11.2 + 0.6 * Math.cos(i),
  }));
  return errorPicture(fakeContext({ snowflake: { query: async () => rows } as never }), 'health');
}

/** One or more mails of every kind, with the longest that may stand in them. */
export async function everyKind(): Promise<Handed[]> {
  const at = (hour: number) => `2026-11-25T${String(hour).padStart(2, '0')}:00:12Z`;
  const weeks = (await errorsByWeek())!;
  const picture = {
    title: 'Mean absolute error in days',
    alt: 'Mean absolute error in days: health-v12 11.8, health-v11 12.1.',
    draw: async () => {
      const { bars } = await import('../../../report/charts/bars.js');
      return bars({
        label: 'errors',
        names: ['health-v12', 'health-v11'],
        series: [{ name: 'days', values: [11.8, 12.1] }],
      });
    },
  };
  return [
    [
      'deploy',
      {
        changes: '109 created, 2 removed',
        key: [
          { label: 'created', value: 109 },
          { label: 'removed', value: 2 },
          { label: 'unchanged', value: 0 },
        ],
        summary: 'Snowflake and AWS now match the settings.',
        sentences: [
          'Created: 24 tables, 22 procedures and 63 others.',
          'Removed: table LOS_OLD, view LOS_OLDER.',
        ],
        next: 'The current state, and who deployed when:',
        commands: ['los status', 'los history'],
      },
    ],
    [
      'destroy',
      {
        removed: 93,
        kept: ['snowflake.table:HEALTH_ADMISSIONS', 'snowflake.table:LOS_PREDICTION_LOG'],
        summary: 'What holds data was kept.',
      },
    ],
    [
      'data',
      {
        dataset: 'health',
        rows: 230000,
        summary: 'They were loaded through the stage by COPY INTO.',
        key: [{ label: 'admissions loaded', value: 230000 }],
      },
    ],
    [
      'features',
      {
        rows: 230000,
        summary: 'The task graph built them.',
        key: [{ label: 'feature rows', value: 230000 }],
      },
    ],
    [
      'eda',
      {
        headline: 'health: 230,000 stays of 35.8 days on average',
        summary: '230,000 stays of 71,044 patients.',
        sentences: ['AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL_AND_ITS_NEIGHBOURHOOD tells 2.4 % (1.9 to 2.9).'],
        picture,
        tables: [
          {
            title: 'Stay by AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL (days; long: 21 and more)',
            columns: ['AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL', 'stays', 'mean', 'median'],
            rows: [
              ['(small groups, together)', 230000, 35.82, 31],
              ['Cardiothoracic_Intensive_Care', 1141, 36.84, 32],
            ],
          },
          {
            title: 'Stay by stays of the patient',
            columns: ['stays of the patient', 'stays', 'mean', 'median'],
            rows: [
              [1, 23461, 38.31, 31],
              ['5 and more', 197201, 36.74, 32],
            ],
          },
        ],
      },
    ],
    [
      'training',
      {
        version: 'health-v12',
        mae: 11.783,
        before: { version: 'health-v11', mae: 12.1 },
        summary: 'Trained on 4,845 stays of health.',
        picture,
        key: [
          { label: 'mean error in days', value: '11.8' },
          { label: 'health-v11, same stays', value: '12.1' },
          { label: 'predicting the median', value: '14.9' },
        ],
        figures: [{ label: 'Within 1 / 2 / 3 days', value: '5.5 % / 11.2 % / 17.3 %' }],
        tables: [
          {
            title: 'Features by their share',
            columns: ['Feature', 'Share'],
            rows: [
              ['AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL', '82.06 %'],
              ['AGE', '1.10 %'],
            ],
            bar: 1,
          },
        ],
        next: 'To promote it, if it passes the gates:',
        commands: ["CALL PROMOTE_MODEL('health-v12');", 'los model promote health-v12'],
      },
    ],
    ['training', { version: 'health-v13', mae: 3, before: null, summary: 'Trained.' }],
    [
      'promotion',
      {
        version: 'health-v13',
        previous: 'health-v12',
        refused: true,
        summary: 'A gate says no: it is not significantly better than health-v12.',
        commands: ['los model promote health-v13 --force'],
      },
    ],
    [
      'promotion',
      {
        version: 'health-v12',
        previous: 'health-v11',
        summary: 'health-v12 answers every prediction from now on.',
        key: [
          { label: 'gates passed', value: '3 of 4' },
          { label: 'former champion', value: 'health-v11' },
        ],
        tables: [
          {
            title: 'Gates',
            columns: ['gate', 'passed', 'finding'],
            rows: [
              [
                'no group outside its 80 % intervals',
                'overridden',
                '78.5 % of the holdout (95 % confidence: 74.7 % to 82.4 %), wanted 76.6 % to 83.4 %',
              ],
            ],
          },
        ],
        next: 'To roll back, if predictions become worse:',
        commands: ['CALL ROLL_BACK_MODEL();', 'los model rollback'],
      },
    ],
    [
      'scoring',
      {
        version: 'health-v12',
        rows: 71,
        summary: 'health-v12 predicted.',
        key: [{ label: 'predictions logged', value: 71 }],
      },
    ],
    ['scoring', { version: null, rows: 0, summary: 'No version has been promoted.' }],
    [
      'simulation',
      {
        version: 'health-v12',
        days: 31,
        rows: 71000,
        summary: 'By the task graph: 2022-12-01 to 2022-12-31.',
        key: [
          { label: 'admissions arrived', value: 71000 },
          { label: 'predictions logged', value: 71000 },
          { label: 'discharged', value: 29012 },
        ],
        tables: [
          {
            title: 'By week',
            columns: ['week from', 'arrived', 'scored'],
            rows: [
              ['2022-12-01', 16411, 16411],
              ['2022-12-08', 9434, 9430],
            ],
            bar: 2,
          },
        ],
      },
    ],
    ...bedMails(),
    ...letters([
      told({}),
      told({
        kind: 'promoted',
        severity: 'info',
        subject: 'health-v12',
        message: 'predict_los answers from health-v12. It is on probation.',
        next: null,
        alarm: null,
        id: 'e2',
      }),
      outage,
    ]).map(
      (letter): Handed => [
        'events',
        letter.events.length > 1 ? { ...mailOf(letter), picture: weeks } : mailOf(letter),
      ],
    ),
    [
      'events',
      digestOf(
        Array.from({ length: 30 }, (_, i) =>
          told({ kind: 'scoring', severity: 'routine', at: at(i % 24), scored: 40 + i }),
        ),
        'Europe/Berlin',
      ),
    ],
    ...(await mailed((ctx) =>
      mailFailure(
        ctx.mail,
        'los score',
        new Error(
          'The task LOS_SCORE failed: Request failed for external function LOS_DETAIL_12 with remote service error: 503 https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod/endpoints/los-health-v12/invocations; requests batch-id: 01b2c3d4:0:0; request batch size: 512 rows.',
        ),
      ),
    )),
  ];
}
