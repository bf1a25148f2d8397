import { expect } from 'chai';
import { command } from '../../../deploy/commands/notify.js';
import { UserError } from '../../../deploy/errors.js';
import { notify } from '../../../deploy/watching/notify.js';
import { fakeContext, silentMail } from '../fake-context.js';
import { FakeSnowflake } from '../fake-snowflake.js';

/** Of so many events that were taken, so many left in one mail. */
const delivering = (sent: number, taken: number) =>
  fakeContext({
    snowflake: new FakeSnowflake([[/COUNT\(\*\) AS N FROM .*LOS_EVENTS/, [{ N: 1234 }]]]),
    mail: {
      ...silentMail,
      deliver: async () => ({ mails: 1, sent: Array.from({ length: sent }, (_, i) => `e${i}`), taken }),
    },
  });

describe('los notify', () => {
  it('fails where a mail does not leave, and says what waits', async () => {
    const error = await notify(delivering(1, 2)).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.equal('1 of 2 events was not sent, and waits in LOS_EVENTS.');
  });

  it('says how many wait where there are more than it takes', async () => {
    const all = await notify(delivering(100, 100));
    expect(all).to.deep.equal({ mails: 1, events: 100, waiting: 1234 });
    expect(command.print!(all, {} as never)[1]).to.equal(
      '1,234 more wait: los notify takes 100 at a time, the oldest first.',
    );
    expect(await notify(delivering(99, 99))).to.deep.equal({ mails: 1, events: 99 });
  });
});
