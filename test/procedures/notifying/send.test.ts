import { expect } from 'chai';
import type { Row } from '../../../procedures/ground/work.js';
import type { Letter } from '../../../procedures/notifying/letter.js';
import { QUICK_ATTEMPTS, type Sending, sendNotifications } from '../../../procedures/notifying/send.js';
import { place, scripted } from '../scripted.js';

interface Waiting {
  readonly id: string;
  readonly severity: 'critical' | 'info';
  attempts: number;
}

/** LOS_EVENTS as the sender sees it, and a mail integration that refuses what `refuses` says. */
class Outbox {
  readonly sent: string[] = [];
  readonly aside: string[] = [];
  /** Ids in each mail that was tried, in order. */
  tried: string[] = [];

  constructor(
    private readonly events: Waiting[],
    private readonly refuses: (ids: readonly string[]) => boolean,
  ) {}

  run(): Sending {
    this.tried = [];
    return scripted(
      sendNotifications(PLAN, ({ events }: Letter) => {
        if (events.some(({ id }) => id === 'unfit')) throw new Error('commands.filter is not a function');
        return { subject: events.map(({ id }) => id).join('+'), html: '' };
      }),
      (step) => ('sql' in step ? this.answer(step.sql, step.binds as string[]) : undefined),
    );
  }

  private answer(sql: string, binds: readonly string[]): readonly Row[] | number | undefined {
    const open = this.events.filter(({ id }) => !this.sent.includes(id) && !this.aside.includes(id));
    if (sql.startsWith('SELECT UUID_STRING')) return [{ ID: 'lease' }];
    if (sql.includes('ATTEMPTS = ATTEMPTS + 1')) for (const event of open) event.attempts++;
    if (sql.startsWith('SELECT EVENT_ID'))
      return open.map(({ id, severity, attempts }) => ({
        ...{ EVENT_ID: id, KIND: 'alarm', SEVERITY: severity, SUBJECT: id, MESSAGE: id, NEXT_STEP: null },
        ...{
          DAY: '2026-06-30',
          HAPPENED: '2026-07-01T05:30:00Z',
          ALARM: null,
          RUN: null,
          ATTEMPTS: attempts,
        },
      }));
    if (sql.startsWith('CALL SYSTEM$SEND_EMAIL')) {
      this.tried.push(binds[2]!);
      if (this.refuses(binds[2]!.split('+'))) throw new Error('It is too large.');
    }
    if (sql.includes("'refused'")) return this.aside.push(binds[2]!) && 1;
    if (sql.includes('SET SENT_AT')) return this.sent.push(...(JSON.parse(binds[1]!) as string[])) && 1;
    return undefined;
  }
}

const PLAN = {
  dataset: 'health',
  place,
  zone: 'UTC',
  tasks: [],
  digest: null,
  deployment: 'los',
  email: { integration: 'I', recipients: ['a@x.org'], restoreStream: '' },
};
const critical = (id: string, attempts = 0): Waiting => ({ id, severity: 'critical', attempts });
const info = (id: string, attempts = 0): Waiting => ({ id, severity: 'info', attempts });

describe('mails from inside Snowflake', () => {
  it('leave although the one before them is refused, which waits', () => {
    const outbox = new Outbox([critical('bad'), critical('good')], (ids) => ids.includes('bad'));
    expect(outbox.run()).to.deep.equal({ mails: 1, events: 1, setAside: 0, failure: 'It is too large.' });
    expect(outbox.sent).to.deep.equal(['good']);
  });

  it('finding 4: leave although no mail can be made of one of them, which is set aside at once', () => {
    const outbox = new Outbox([info('unfit'), info('a'), critical('c')], () => false);
    expect(outbox.run()).to.deep.equal({ mails: 2, events: 2, setAside: 1, failure: null });
    expect(outbox.sent).to.have.members(['a', 'c']);
    expect(outbox.aside).to.deep.equal(['unfit']);
  });

  it('are set aside where they are refused again and again, once others have left', () => {
    const events = [critical('bad')];
    const outbox = new Outbox(events, (ids) => ids.includes('bad'));
    for (let attempt = 0; attempt < 2 * QUICK_ATTEMPTS; attempt++)
      expect(outbox.run().failure, 'nothing else tells whether mails leave').to.equal('It is too large.');
    expect(outbox.aside).to.deep.equal([]);
    events.push(critical('good'));
    expect(outbox.run()).to.deep.equal({ mails: 1, events: 1, setAside: 1, failure: null });
    expect(outbox.tried, 'once more after the other').to.deep.equal(['bad', 'good', 'bad']);
    expect(outbox.aside).to.deep.equal(['bad']);
    expect(outbox.run()).to.deep.equal({ mails: 0, events: 0, setAside: 0, failure: null });
  });

  it('are taken apart where one of several events makes them refused', () => {
    const outbox = new Outbox([info('a', 20), info('bad', 20), info('c', 1)], (ids) => ids.includes('bad'));
    expect(outbox.run()).to.deep.equal({ mails: 2, events: 2, setAside: 1, failure: null });
    expect(outbox.tried).to.deep.equal(['a+bad+c', 'a', 'bad', 'c', 'bad']);
    expect([outbox.sent, outbox.aside]).to.deep.equal([['a', 'c'], ['bad']]);
  });

  it('all wait where the way is shut, however long, and only some are tried', () => {
    const events = [...'abcdefgh'].map((id) => critical(id, 50)).concat([...'ijk'].map((id) => info(id, 50)));
    let shut = true;
    const outbox = new Outbox(events, () => shut);
    expect(outbox.run()).to.deep.equal({ mails: 0, events: 0, setAside: 0, failure: 'It is too large.' });
    expect(outbox.tried).to.have.length(5);
    // It opens while they are tried.
    const opened = new Outbox(events, () => opened.tried.length < 3);
    expect(opened.run()).to.deep.equal({ mails: 9, events: 11, setAside: 0, failure: null });
    shut = false;
    expect(outbox.run()).to.deep.equal({ mails: 9, events: 11, setAside: 0, failure: null });
  });
});
