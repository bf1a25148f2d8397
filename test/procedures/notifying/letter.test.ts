import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { compileEntry } from '../../../deploy/compile/compile.js';
import { letters, mailOf, titleOf } from '../../../procedures/notifying/letter.js';
import type { EventMessage } from '../../../procedures/notifying/outbox.js';

const event = (more: Partial<EventMessage>): EventMessage => ({
  dataset: 'health',
  mail: null,
  scored: 0,
  id: 'e1',
  kind: 'alarm',
  severity: 'warning',
  subject: 'AGE',
  message: 'AGE < 3 & more.',
  next: 'See docs/runbook/inputs.md.',
  day: '2026-06-30',
  at: '2026-07-01T05:30:00Z',
  attempts: 1,
  alarm: 'inputs',
  thread: 'alarm inputs AGE',
  ...more,
});
const promoted = { kind: 'promoted', severity: 'info', subject: 'health-v3', alarm: null } as const;

describe('what people are told', () => {
  it('comes at once and alone where it is critical, and together where it is not', () => {
    const told = [
      event({ id: 'a' }),
      event({ id: 'b', severity: 'critical' }),
      event({ id: 'c', ...promoted }),
    ];
    expect(letters(told).map(({ events }) => events.map(({ id }) => id))).to.deep.equal([['b'], ['a', 'c']]);
    expect(letters([])).to.deep.equal([]);
  });

  it('has the outcome in its subject', () => {
    const title = (...events: Partial<EventMessage>[]) => titleOf({ events: events.map(event) });
    expect(
      title({
        severity: 'critical',
        message: 'No discharge has been recorded for 6 days: stays do not arrive.',
      }),
    ).to.equal('ALARM: No discharge has been recorded for 6 days');
    expect(title({ kind: 'rolled back', severity: 'critical', subject: 'health-v3' })).to.equal(
      'Rolled back: health-v3',
    );
    expect(title({}, promoted)).to.equal('Warning: AGE, and 1 more');
    expect(title({}, { subject: 'SEX' }, { subject: 'WARD' }, promoted)).to.equal(
      '3 warnings: AGE, SEX, and 2 more',
    );
    expect(title(promoted, { ...promoted, kind: 'retraining' })).to.equal('Promoted: health-v3, and 1 more');
  });

  it('says whether it can wait, and what there is to paste', () => {
    for (const alarm of ['scoring', 'tasks', 'volume', 'discharges', 'performance', 'inputs']) {
      const [told] = mailOf({ events: [event({ alarm, severity: 'critical' })] }).events;
      expect(told!.commands.length, alarm).to.be.above(0);
      expect(told!.next, alarm).to.contain('docs/runbook');
    }
    expect(mailOf({ events: [event({ alarm: 'scoring', severity: 'critical' })] }).events[0]!.next).to.match(
      /^No admission is lost/,
    );
  });

  it('is written inside Snowflake by the templates of all mails, which no text of a level can break', async () => {
    const sent: unknown[][] = [];
    const row = {
      EVENT_ID: 'e1',
      KIND: 'alarm',
      SEVERITY: 'critical',
      SUBJECT: 'A_B <i>',
      MESSAGE: 'A_B < 3 & more.',
      NEXT_STEP: 'See docs/runbook/inputs.md.',
      DAY: '2026-06-30',
      HAPPENED: '2026-07-01T05:30:00Z',
      ALARM: 'inputs',
      RUN: null,
    };
    const plan = {
      dataset: 'health',
      place: { snowflake: { database: 'D', schema: 'S' } },
      zone: 'UTC',
      tasks: [],
      digest: null,
      deployment: 'los on <test>',
      email: { integration: 'I', recipients: ['a@x.org'], restoreStream: '' },
    };
    const { body } = await compileEntry('procedures/notifying/send-notifications.ts', {
      define: { PLAN: plan },
    });
    const columns = Object.keys(row) as (keyof typeof row)[];
    const resultOf = (rows: readonly (typeof row)[]) => {
      let at = -1;
      return {
        next: () => ++at < rows.length,
        getColumnCount: () => columns.length,
        getColumnName: (i: number) => columns[i - 1],
        getColumnValue: (i: number | string) =>
          rows[at]![typeof i === 'number' ? columns[i - 1]! : (i as keyof typeof row)],
        getNumRowsAffected: () => 1,
      };
    };
    const snowflake = {
      createStatement: ({ sqlText, binds = [] }: { sqlText: string; binds?: unknown[] }) => ({
        getNumRowsAffected: () => 1,
        getColumnCount: () => columns.length,
        getColumnName: (i: number) => columns[i - 1],
        execute() {
          if (sqlText.includes('SYSTEM$SEND_EMAIL')) sent.push(binds);
          return resultOf(/^SELECT EVENT_ID/.test(sqlText) ? [row] : []);
        },
      }),
      execute(statement: { sqlText: string; binds?: unknown[] }) {
        return this.createStatement(statement).execute();
      },
    };
    // A context of its own: nothing of Node is in it, and nothing can be compiled from text.
    runInNewContext(
      `(function () { ${body} })()`,
      { snowflake },
      { contextCodeGeneration: { strings: false, wasm: false } },
    );
    const [[, to, subject, html]] = sent as [[string, string, string, string]];
    expect(to).to.equal('a@x.org');
    expect(subject).to.equal('[predict-los] ALARM: A_B < 3 & more.');
    expect(html)
      .to.contain('A_<wbr>B &lt; 3 &amp; more.')
      .and.to.contain('los on &lt;test&gt;')
      .and.to.contain('event e1')
      .and.to.contain('USE SCHEMA D.S;\nSELECT * FROM LOS_WATCH_INPUTS')
      .and.not.to.contain('<i>');
  });
});
