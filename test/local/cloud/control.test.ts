import { costSummary } from '@local-cloud/aws/costs/summary.js';
import { type Control, startControl } from '@local-cloud/cloud/control.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { expect } from 'chai';

describe('the switchboard of the local cloud', () => {
  const faults = new Faults();
  let control: Control;
  before(async () => {
    control = await startControl({ faults, costs: () => costSummary({ 'api-requests': 1_000_000 }) });
  });
  after(() => control.close());

  const call = (method: string, path: string, body?: string, token = control.token) =>
    fetch(control.url + path, { method, body, headers: { authorization: `Bearer ${token}` } });

  it('sets, shows and clears faults', async () => {
    const set = await call('POST', '/faults', '{"faults": ["s3:*=fail,next=2", "smtp=cut"]}');
    expect(set.status).to.equal(201);
    faults.take('s3:GetObject');
    expect(await (await call('GET', '/faults')).json()).to.deep.equal([
      { fault: 's3:*=fail,next=2', hits: 1, left: 1 },
      { fault: 'smtp=cut,next=1', hits: 0, left: 1 },
    ]);
    expect((await call('DELETE', '/faults')).status).to.equal(204);
    expect(await (await call('GET', '/faults')).json()).to.deep.equal([]);
  });

  it('sets nothing of a list with a mistake, and says which', async () => {
    const answer = await call('POST', '/faults', '{"faults": ["s3:*=fail", "s3:*=burn"]}');
    expect(answer.status).to.equal(400);
    expect(((await answer.json()) as { error: string }).error).to.contain('burn');
    expect(faults.list()).to.deep.equal([]);
  });

  it('tells the costs', async () => {
    expect(await (await call('GET', '/costs')).json()).to.have.property('total', 3.5);
  });

  it('refuses strangers, other paths and other bodies', async () => {
    expect((await call('GET', '/faults', undefined, 'guessed')).status).to.equal(401);
    expect((await fetch(`${control.url}/faults`)).status).to.equal(401);
    expect((await call('GET', '/')).status).to.equal(404);
    expect((await call('POST', '/faults', '[')).status).to.equal(400);
    expect((await call('POST', '/faults', '{}')).status).to.equal(400);
    expect((await call('POST', '/faults', `{"faults": ["${'x'.repeat(70_000)}"]}`)).status).to.equal(400);
  });
});
