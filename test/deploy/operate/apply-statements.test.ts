import { expect } from 'chai';
import type { Bind, Snowflake } from '../../../deploy/clients/snowflake.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { hostedCloud } from '../embedded-cloud.js';

/** What an apply with nothing to do sends after its login. */
const MOST = 25;

/** A session that writes down what it sends. */
class Counted implements Snowflake {
  readonly sent: string[] = [];

  constructor(private readonly session: Snowflake) {}

  query: Snowflake['query'] = (sql: string, binds?: readonly Bind[]) => {
    this.sent.push(sql);
    return this.session.query(sql, binds);
  };

  execute(sql: string, binds?: readonly Bind[]): Promise<number> {
    this.sent.push(sql);
    return this.session.execute(sql, binds);
  }

  put(file: string, stage: string): Promise<void> {
    this.sent.push(`PUT ${file}`);
    return this.session.put(file, stage);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

describe('an apply of nothing', () => {
  const cloud = hostedCloud('', 'applied');
  let ctx: OpenContext;

  before(async () => {
    ctx = await cloud.open();
    // What the copy lacks of this code's state.
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const statements = async () => {
    const snowflake = new Counted(ctx.snowflake);
    const { created, updated, removed } = await apply({ ...ctx, snowflake });
    expect({ created, updated, removed }).to.deep.equal({ created: [], updated: [], removed: [] });
    return snowflake.sent;
  };

  it(`sends at most ${MOST} statements, and none twice`, async () => {
    const sent = await statements();
    expect(sent, sent.join('\n\n')).to.have.length.within(20, MOST);
    expect(sent).to.have.length(new Set(sent).size);
  });
});
