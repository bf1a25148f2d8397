import { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { AwsClients } from '../../../deploy/clients/aws.js';
import { connectAws } from '../../../deploy/clients/aws-sdk.js';
import { describe as ask, itemsOf, readXml, textOf } from '../../../doctor/hops/ec2.js';
import { TestCloud } from '../../local/aws/support.js';

describe('what the doctor asks of EC2', () => {
  const cloud = new TestCloud();
  let aws: AwsClients;
  let ec2: EC2;

  before(async () => {
    await cloud.start();
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.aws;
    aws = await connectAws({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    ec2 = new EC2(cloud.config());
  });
  after(async () => {
    aws?.close();
    ec2?.destroy();
    await cloud.remove();
  });

  it('finds what the official client makes, by filters', async () => {
    const VpcId = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
    const made = [];
    for (const CidrBlock of ['10.0.0.0/24', '10.0.1.0/24'])
      made.push((await ec2.createSubnet({ VpcId, CidrBlock })).Subnet!.SubnetId!);
    const ids = async (filters: Record<string, string[]>) =>
      (await ask(aws, 'DescribeSubnets', filters, 'subnetSet')).map((part) => textOf(part, 'subnetId'));
    expect(await ids({ 'vpc-id': [VpcId] })).to.have.members(made);
    expect(await ids({ 'vpc-id': [VpcId], 'subnet-id': [made[1]!, 'subnet-0abc'] })).to.deep.equal([made[1]]);
    expect(await ids({ 'vpc-id': ['vpc-0none'] })).to.deep.equal([]);
  });

  it('hands EC2’s own errors on', async () => {
    const error = await ask(aws, 'DescribeNothing', {}, 'set').catch((caught: Error) => caught);
    expect(error).to.be.instanceOf(Error);
    expect((error as Error).name).to.equal('InvalidAction');
    expect((error as Error).message).to.include('does not support DescribeNothing');
  });

  it('reads elements, lists of one and of several, empty ones and escaped text', async () => {
    const answer = await readXml(
      '<?xml version="1.0"?>\n<R xmlns="http://x/"><set><item><id>007</id><note/></item><item><id>b</id></item></set><one><item>c</item></one><none/><p>{&quot;a&quot;:&quot;&lt;&amp;&#65;&#x42;&gt;&quot;}</p></R>',
    );
    expect(itemsOf(answer, 'set').map((item) => textOf(item, 'id'))).to.deep.equal(['007', 'b']);
    expect(textOf(itemsOf(answer, 'set')[0], 'note')).to.equal('');
    expect(itemsOf(answer, 'one')).to.deep.equal(['c']);
    expect([itemsOf(answer, 'none'), itemsOf(answer, 'other'), textOf(answer, 'other')]).to.deep.equal([
      [],
      [],
      '',
    ]);
    expect(JSON.parse(textOf(answer, 'p'))).to.deep.equal({ a: '<&AB>' });
    expect(await readXml('')).to.equal(undefined);
  });
});
