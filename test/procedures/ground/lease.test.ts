import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import type { OpenContext } from '../../../deploy/open.js';
import { releaseLease, takeLease } from '../../../procedures/ground/lease.js';
import { takeEvents } from '../../../procedures/notifying/outbox.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { driveStale, staleUpdate } from '../../deploy/stale.js';

describe('a lease', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'applied');
  let one: OpenContext;
  let two: OpenContext;

  before(async () => {
    one = await cloud.open();
    two = await cloud.open();
    // The deployed task would take the run below before the test does.
    await one.snowflake.execute('ALTER TASK LOS_TRAIN SUSPEND');
    await one.snowflake.execute(
      `INSERT INTO LOS_TRAINING_RUNS (RUN_ID, DATASET, STATUS, STATE, DRIVER, DIGEST, OPENED_AT, STATE_SINCE)
SELECT 'r', 'health', 'OPEN', 'DIVIDE', 'snowflake', '', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP()`,
    );
  });
  afterEach(() => one.snowflake.execute('UPDATE LOS_TRAINING_RUNS SET LEASE = NULL, LEASE_UNTIL = NULL'));
  after(async () => {
    await one.close();
    await two.close();
    cloud.remove();
  });

  it('is one’s, and then another’s', async () => {
    expect(await drive(one, takeLease('LOS_TRAINING_RUNS', 'r', 'a'))).to.equal(true);
    expect(await drive(two, takeLease('LOS_TRAINING_RUNS', 'r', 'b'))).to.equal(false);
    await drive(one, releaseLease('LOS_TRAINING_RUNS', 'r', 'a'));
    expect(await drive(two, takeLease('LOS_TRAINING_RUNS', 'r', 'b'))).to.equal(true);
  });

  it('would be two’s by a single UPDATE, if Snowflake does not look again after waiting', async () => {
    const update = `UPDATE LOS_TRAINING_RUNS SET LEASE = ?, LEASE_UNTIL = DATEADD(second, 900, CURRENT_TIMESTAMP())
WHERE RUN_ID = ? AND STATUS = 'OPEN' AND (LEASE_UNTIL IS NULL OR LEASE_UNTIL < CURRENT_TIMESTAMP())`;
    let first = 0;
    const second = await staleUpdate(two.snowflake, 'RUN_ID', update, ['b', 'r'], async () => {
      first = await one.snowflake.execute(update, ['a', 'r']);
    });
    expect([first, second]).to.deep.equal([1, 1]);
  });

  it('is one’s alone even then', async () => {
    let first: boolean | undefined;
    const second = await driveStale(
      two.snowflake,
      'RUN_ID',
      takeLease('LOS_TRAINING_RUNS', 'r', 'b'),
      async () => {
        first = await drive(one, takeLease('LOS_TRAINING_RUNS', 'r', 'a'));
      },
    );
    expect([first, second]).to.deep.equal([true, false]);
    const [row] = await one.snowflake.query("SELECT LEASE FROM LOS_TRAINING_RUNS WHERE RUN_ID = 'r'");
    expect(row).to.deep.equal({ LEASE: 'a' });
  });

  it('of events that wait to be sent is one sender’s, too', async () => {
    for (const id of ['e1', 'e2'])
      await one.snowflake.execute(
        `INSERT INTO LOS_EVENTS (EVENT_ID, DATASET, KIND, SEVERITY, SUBJECT, MESSAGE, DAY, HAPPENED_AT, ATTEMPTS)
SELECT '${id}', 'health', 'alarm', 'critical', 'x', 'y', CURRENT_DATE(), CURRENT_TIMESTAMP(), 0`,
      );
    const { database, schema } = one.settings.snowflake;
    const plan = {
      place: { snowflake: { database, schema } },
      dataset: 'health',
      zone: 'UTC',
      tasks: [],
    } as never;
    const ids = (told: readonly { id: string }[] | undefined) => told?.map(({ id }) => id);
    let first: readonly { id: string }[] | undefined;
    const second = await driveStale(
      two.snowflake,
      'EVENT_ID',
      takeEvents(plan, 'b', 'snowflake'),
      async () => {
        first = await drive(one, takeEvents(plan, 'a', 'snowflake'));
      },
    );
    expect([ids(first), ids(second)]).to.deep.equal([['e1', 'e2'], []]);
  });
});
