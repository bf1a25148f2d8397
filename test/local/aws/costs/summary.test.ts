import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Meter } from '@local-cloud/aws/costs/meter.js';
import { PRICES } from '@local-cloud/aws/costs/prices.js';
import { costSummary } from '@local-cloud/aws/costs/summary.js';
import { expect } from 'chai';

describe('costs', () => {
  it('are quantities times the table’s prices, the dearest first', () => {
    const { lines, total } = costSummary({
      'training:ml.m5.xlarge': 1800,
      'serverless-gb-seconds': 1000,
      'inference-bytes': 2 ** 30,
      'api-requests': 1_000_000,
      's3-writes': 1000,
      's3-reads': 1000,
    });
    expect(lines.map(({ what, cost }) => [what, Math.round(cost! * 1e6) / 1e6])).to.deep.equal([
      ['API Gateway', 3.5],
      ['Training on ml.m5.xlarge', 0.115],
      ['Serverless endpoints', 0.02],
      ['Data of endpoints, in and out', 0.016],
      ['S3, writing and listing', 0.005],
      ['S3, reading', 0.0004],
    ]);
    expect(total).to.be.closeTo(3.6564, 1e-9);
  });

  it('say what they cannot price, and leave it out of the total', () => {
    const { lines, total, perHour } = costSummary({ 'hosting:ml.x9.large': 3600 }, { 'ml.x9.large': 1 });
    expect(lines).to.deep.equal([
      { what: 'Endpoint on ml.x9.large', quantity: 3600, unit: 'instance seconds', cost: null },
    ]);
    expect(total).to.equal(0);
    expect(perHour).to.equal(null);
  });

  it('tell what goes on costing', () => {
    expect(costSummary({}, { 'ml.m5.large': 3, 'ml.c5.xlarge': 1 }).perHour).to.be.closeTo(0.549, 1e-9);
    expect(costSummary({}).perHour).to.equal(0);
  });

  it('have a dated table with sources', () => {
    expect(PRICES.date).to.match(/^20\d\d-\d\d$/);
    expect(PRICES.sources).to.have.length.greaterThan(0);
    for (const price of Object.values(PRICES.instanceHour)) expect(price).to.be.within(0.01, 100);
  });
});

describe('the meter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meter-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('tells writing from reading, and knows what is free', () => {
    const meter = new Meter(folder);
    for (const operation of [
      's3:PutObject',
      's3:ListObjectsV2',
      's3:CompleteMultipartUpload',
      's3:GetObject',
      's3:HeadObject',
      's3:DeleteObject',
      's3:AbortMultipartUpload',
      'execute-api:Invoke',
      'iam:CreateRole',
      'sagemaker:InvokeEndpoint',
    ])
      meter.request(operation);
    expect(meter.read()).to.deep.equal({ 's3-writes': 3, 's3-reads': 2, 'api-requests': 1 });
  });

  it('goes on where it was when the cloud starts again', () => {
    const meter = new Meter(folder);
    meter.add('training:ml.m5.large', 7);
    meter.save();
    const again = new Meter(folder);
    again.add('training:ml.m5.large', 5);
    expect(again.read()).to.deep.equal({ 'training:ml.m5.large': 12 });
  });
});
