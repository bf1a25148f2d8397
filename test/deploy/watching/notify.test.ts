import { expect } from 'chai';
import type { Bind, Row } from '../../../deploy/clients/snowflake.js';
import { command } from '../../../deploy/commands/notify.js';
import { UserError } from '../../../deploy/errors.js';
import { notify } from '../../../deploy/watching/notify.js';
import { fakeContext } from '../fake-context.js';
import { FakeSnowflake } from '../fake-snowflake.js';

describe('los notify', () => {
  it('tells what comes after a mail that its server does not take, and says what waits', async () => {
    const event = (id: string) => ({
      ...{ id, kind: 'alarm', severity: 'critical', subject: id, message: id, next: null, alarm: null },
      ...{ day: '2026-06-30', at: '2026-07-01T05:30:00Z', attempts: 1, thread: id },
    });
    let sent: Bind | undefined;
    class Procedures extends FakeSnowflake {
      override async query<R extends Row = Row>(sql: string, binds: readonly Bind[] = []): Promise<R[]> {
        if (sql.includes('LOS_MARK_EVENTS_SENT')) sent = binds[1];
        return super.query<R>(sql);
      }
    }
    const taken = JSON.stringify(['bad', 'good'].map(event));
    const tried: string[] = [];
    const ctx = fakeContext({
      snowflake: new Procedures([[/LOS_LEASE_EVENTS/, [{ RESULT: taken }]]]),
      mail: {
        ...fakeContext().mail,
        send: async (_, data) => {
          const { title } = data as { title: string };
          tried.push(title);
          return !title.includes('bad');
        },
      },
    });
    const error = await notify(ctx).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.equal('1 of 2 events were not sent; they wait in LOS_EVENTS.');
    expect(tried).to.deep.equal(['ALARM: bad', 'ALARM: good']);
    expect(sent).to.equal('["good"]');
  });

  it('says how many wait where there are more than it takes', async () => {
    const event = (_: unknown, i: number) => ({
      ...{
        id: `e${i}`,
        kind: 'promotion',
        severity: 'info',
        subject: 'x',
        message: 'x',
        next: null,
        alarm: null,
      },
      ...{ day: '2026-06-30', at: '2026-07-01T05:30:00Z', attempts: 1, thread: `e${i}` },
    });
    const told = (n: number) =>
      notify(
        fakeContext({
          snowflake: new FakeSnowflake([
            [/LOS_LEASE_EVENTS/, [{ RESULT: JSON.stringify(Array.from({ length: n }, event)) }]],
            [/COUNT\(\*\) AS N FROM .*LOS_EVENTS/, [{ N: 1234 }]],
          ]),
          mail: { ...fakeContext().mail, send: async () => true },
        }),
      );
    const all = await told(100);
    expect(all).to.deep.equal({ mails: 1, events: 100, waiting: 1234 });
    expect(command.print!(all, {} as never)[1]).to.equal(
      '1,234 more wait: los notify takes 100 at a time, the oldest first.',
    );
    expect(await told(99)).to.deep.equal({ mails: 1, events: 99 });
  });
});
