import * as S3 from '@aws-sdk/client-s3';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { refused, TestCloud } from '../support.js';

const Bucket = 'expiring-bucket';
const DAY = 24 * 3600_000;

/** The example of S3's User Guide, "Lifecycle configuration elements": written on 15 January 2014 at 10:30 UTC. */
const WRITTEN = Date.UTC(2014, 0, 15, 10, 30);

describe('lifecycle rules of S3', () => {
  const cloud = new TestCloud();
  let s3: S3.S3Client;

  beforeEach(async () => {
    cloud.clock = new MovableClock({ at: WRITTEN, frozen: true });
    await cloud.start();
    s3 = new S3.S3Client({ ...cloud.config(), systemClockOffset: WRITTEN - Date.now() });
    await s3.send(new S3.CreateBucketCommand({ Bucket }));
    for (const Key of ['rows/a', 'rows/b', 'rows', 'models/a'])
      await s3.send(new S3.PutObjectCommand({ Bucket, Key, Body: 'x' }));
  });
  afterEach(() => cloud.remove());

  const rule = (more: Partial<S3.LifecycleRule> = {}): S3.LifecycleRule => ({
    ID: 'rows',
    Status: 'Enabled',
    Filter: { Prefix: 'rows/' },
    Expiration: { Days: 3 },
    ...more,
  });
  const put = (...Rules: S3.LifecycleRule[]) =>
    s3.send(new S3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const get = () => s3.send(new S3.GetBucketLifecycleConfigurationCommand({ Bucket }));
  /** Requests are signed by the client's clock, which goes with the server's. */
  const advance = (ms: number) => {
    cloud.clock.advance(ms);
    s3.config.systemClockOffset += ms;
  };
  const keys = async () =>
    ((await s3.send(new S3.ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);

  it('are read back, replaced and deleted as a whole', async () => {
    await refused(get(), 'NoSuchLifecycleConfiguration');
    await put(rule(), rule({ ID: 'off', Status: 'Disabled', Filter: { Prefix: '' } }));
    expect((await get()).Rules).to.deep.equal([
      rule(),
      rule({ ID: 'off', Status: 'Disabled', Filter: { Prefix: '' } }),
    ]);
    await put(rule({ Expiration: { Date: new Date('2014-02-01T00:00:00Z') } }));
    expect((await get()).Rules).to.deep.equal([
      rule({ Expiration: { Date: new Date('2014-02-01T00:00:00Z') } }),
    ]);
    await s3.send(new S3.DeleteBucketLifecycleCommand({ Bucket }));
    await refused(get(), 'NoSuchLifecycleConfiguration');
  });

  it('let objects of their prefix expire at the midnight after their days, and no others', async () => {
    await put(rule());
    const head = await s3.send(new S3.HeadObjectCommand({ Bucket, Key: 'rows/a' }));
    expect(head.Expiration).to.equal('expiry-date="Sun, 19 Jan 2014 00:00:00 GMT", rule-id="rows"');
    const other = await s3.send(new S3.HeadObjectCommand({ Bucket, Key: 'models/a' }));
    expect(other.Expiration).to.equal(undefined);
    advance(Date.UTC(2014, 0, 18, 23, 59) - WRITTEN);
    expect(await keys()).to.deep.equal(['models/a', 'rows', 'rows/a', 'rows/b']);
    await s3.send(new S3.PutObjectCommand({ Bucket, Key: 'rows/b', Body: 'written again' }));
    advance(60_000);
    expect(await keys()).to.deep.equal(['models/a', 'rows', 'rows/b']);
    await refused(s3.send(new S3.GetObjectCommand({ Bucket, Key: 'rows/a' })), 'NoSuchKey');
    advance(4 * DAY);
    expect(await keys()).to.deep.equal(['models/a', 'rows']);
  });

  it('count for objects that were there before, at once, and not when they are disabled', async () => {
    advance(10 * DAY);
    await put(rule({ Status: 'Disabled' }));
    expect(await keys()).to.have.length(4);
    await put(rule());
    expect(await keys()).to.deep.equal(['models/a', 'rows']);
  });

  it('outlive the process', async () => {
    await put(rule());
    await cloud.stop();
    cloud.clock = new MovableClock({ at: WRITTEN + 30 * DAY, frozen: true });
    await cloud.start();
    s3 = new S3.S3Client({ ...cloud.config(), systemClockOffset: WRITTEN + 30 * DAY - Date.now() });
    expect((await get()).Rules).to.deep.equal([rule()]);
    expect(await keys()).to.deep.equal(['models/a', 'rows']);
  });
});
