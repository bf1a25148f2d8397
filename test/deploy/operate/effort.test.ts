import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { effort } from '../../../deploy/operate/effort.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { effortLines } from '../../../report/operations/status.js';
import { hostedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';

describe('what scoring asks of the account', () => {
  const cloud = hostedCloud('', 'trained');
  let ctx: OpenContext;
  let journey: Journey;

  before(async () => {
    ctx = await cloud.open();
    journey = new Journey(ctx);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('is not told of a run whose statements the history no longer holds', async () => {
    // The state was made by another process: the runs of tasks are kept in it, queries are not.
    const runs = await ctx.snowflake.query(
      "SELECT 1 FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY()) WHERE NAME = 'LOS_SCORE' AND STATE = 'SUCCEEDED'",
    );
    expect(runs).not.to.deep.equal([]);
    const forgotten = (await effort(ctx))!;
    expect(forgotten.lastRun).to.equal(null);
    expect(effortLines(forgotten)).to.have.length(1);
  });

  it('is counted of the last run that scored, by its own statements', async () => {
    await journey.admit(3, 9_000_000);
    await runGraph(ctx, journey.contract);
    const one = (await effort(ctx))!;
    expect(one.lastRun).to.include({ requests: 1 });
    expect(one.lastRun!.statements).to.be.within(20, 45);
    expect(one.lastRun!.sentBytes).to.be.greaterThan(50);
    expect(one.lastRun!.receivedBytes).to.be.greaterThan(20);
    // 4,000 admissions are several batches; one may be sent again.
    await journey.admit(4000, 9_100_000);
    await runGraph(ctx, journey.contract);
    const two = (await effort(ctx))!;
    expect(two.lastRun!.requests).to.be.within(2, 16);
    // Each has its price: what a run sends grows only when a person means it to.
    expect(two.lastRun!.statements).to.be.within(25, 33);
    expect(two.lastRun!.sentBytes).to.be.greaterThan(10 * one.lastRun!.sentBytes);
  });

  it('is counted of a day, with what others asked of the warehouse, and how often that can have woken it', async () => {
    const { day, lastRun } = (await effort(ctx))!;
    expect(day.statements).to.be.greaterThan(2 * lastRun!.statements);
    expect(day.requests).to.equal(lastRun!.requests + 1);
    expect(day.wakeUps).to.equal(1);
  });

  it('is said in two lines', () => {
    const use = { statements: 1, requests: 2, sentBytes: 1234, receivedBytes: 2_500_000 };
    expect(effortLines({ lastRun: use, day: { ...use, statements: 4000, wakeUps: 12 } })).to.deep.equal([
      'Last run   1 statement, 2 requests to the endpoint (0.001 MB out, 2.5 MB back)',
      '24 hours   4,000 statements, 2 requests to the endpoint (0.001 MB out, 2.5 MB back); the warehouse woken at most 12 times',
    ]);
  });
});
