import { expect } from 'chai';
import type { Bind, Row } from '../../../deploy/clients/snowflake.js';
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
        if (sql.includes('LOS_EVENTS_SENT')) sent = binds[1];
        return super.query<R>(sql);
      }
    }
    const taken = JSON.stringify(['bad', 'good'].map(event));
    const tried: string[] = [];
    const ctx = fakeContext({
      snowflake: new Procedures([[/LOS_TAKE_EVENTS/, [{ RESULT: taken }]]]),
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
});
