import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { type FakeAws, fakeAws } from '../external/fake-aws.js';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

describe('integrations and mail', () => {
  let aws: FakeAws;
  let smtp: SMTPServer;
  let snowflake: TestSnowflake;
  let client: Client;
  const mails: { to: string; subject: string; html: string | false; text: string | undefined }[] = [];

  before(async () => {
    aws = await fakeAws();
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        void simpleParser(stream).then((mail) => {
          const to = session.envelope.rcptTo.map((each) => each.address).join();
          mails.push({ to, subject: mail.subject ?? '', html: mail.html ?? false, text: mail.text });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()));
    const smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
    snowflake = await withSnowflake({ network: { ...aws.network, smtpUrl } });
    client = await snowflake.connect();
  });
  after(async () => {
    await snowflake.close();
    await aws.close();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  });

  const CREATE = `API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/r' API_ALLOWED_PREFIXES = ('https://a/', 'https://b/') ENABLED = TRUE COMMENT = 'c'`;
  const described = async (name = 'api') =>
    Object.fromEntries(
      (await client.rows(`DESC INTEGRATION ${name}`)).map((row) => [row.property, row.property_value]),
    );

  it('name the user that assumes the role and an external ID, which a replacement changes', async () => {
    await client.rows(`CREATE ${CREATE}`);
    const first = await described();
    expect(first).to.include({
      ENABLED: 'true',
      API_AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/r',
      API_AWS_IAM_USER_ARN: 'arn:aws:iam::999999999999:user/snow',
      API_ALLOWED_PREFIXES: 'https://a/,https://b/',
    });
    await client.rows(
      `ALTER API INTEGRATION api SET API_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/other' ENABLED = FALSE`,
    );
    const altered = await described();
    expect(altered).to.include({
      ENABLED: 'false',
      API_AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/other',
    });
    expect(altered.API_AWS_EXTERNAL_ID).to.equal(first.API_AWS_EXTERNAL_ID);
    await client.rows(`CREATE OR REPLACE ${CREATE}`);
    expect((await described()).API_AWS_EXTERNAL_ID).to.not.equal(first.API_AWS_EXTERNAL_ID);
    expect((await client.error(`CREATE ${CREATE}`)).message).to.contain('already exists');
    expect((await client.rows('SHOW INTEGRATIONS'))[0]).to.include({
      name: 'API',
      type: 'EXTERNAL_API',
      category: 'API',
    });
  });

  it('demand what Snowflake demands and refuse other clouds', async () => {
    expect(
      (await client.error(`CREATE API INTEGRATION x API_PROVIDER = aws_api_gateway ENABLED = TRUE`)).message,
    ).to.contain('API_AWS_ROLE_ARN');
    expect(
      (
        await client.error(
          `CREATE ${CREATE.replace('aws_api_gateway', 'azure_api_management').replace(' api ', ' y ')}`,
        )
      ).message,
    ).to.contain('does not support');
    expect(
      (await client.error(`ALTER API INTEGRATION api SET STORAGE_AWS_ROLE_ARN = 'x'`)).message,
    ).to.contain("invalid property 'STORAGE_AWS_ROLE_ARN'");
  });

  it('are made with CREATE INTEGRATION only', async () => {
    await client.rows('CREATE ROLE plain');
    await client.rows('GRANT ROLE plain TO USER admin');
    const plain = await snowflake.connect({ role: 'PLAIN' });
    expect((await plain.error(`CREATE ${CREATE.replace(' api ', ' z ')}`)).message).to.contain(
      'Insufficient privileges',
    );
    expect((await plain.error('DESC INTEGRATION api')).message).to.contain(
      'does not exist or not authorized',
    );
    await plain.close();
  });

  it('send mail to the allowed recipients only', async () => {
    const create = (...recipients: string[]) =>
      `CREATE NOTIFICATION INTEGRATION mail TYPE = EMAIL ENABLED = TRUE ALLOWED_RECIPIENTS = (${recipients.map((each) => `'${each}'`).join(', ')})`;
    await client.rows(`CREATE USER a EMAIL = 'A@b.example'`);
    const unverified = await client.error(create('a@b.example', 'nobody@b.example'));
    expect(unverified.code).to.equal('394209');
    expect(unverified.message).to.contain(
      'Email recipients in the given list at indexes [2] are not allowed. Either these email addresses are not yet validated or do not belong to any user in the current account.',
    );
    await client.rows(create('a@b.example'));
    expect(
      (
        await client.error(
          `ALTER NOTIFICATION INTEGRATION mail SET ALLOWED_RECIPIENTS = ('nobody@b.example')`,
        )
      ).message,
    ).to.contain('at indexes [1]');
    expect(
      await client.value(`CALL SYSTEM$SEND_EMAIL('mail', 'a@b.example', 'Hello', '<b>hi</b>', 'text/html')`),
    ).to.equal(true);
    expect(mails).to.have.length(1);
    expect(mails[0]).to.include({ to: 'a@b.example', subject: 'Hello' });
    expect(mails[0]!.html).to.contain('<b>hi</b>');
    const error = await client.error(`CALL SYSTEM$SEND_EMAIL('mail', 'stranger@b.example', 'Hello', 'hi')`);
    expect(error.message).to.contain('are not allowed').and.not.contain('stranger');
    await client.rows('ALTER NOTIFICATION INTEGRATION mail SET ENABLED = FALSE');
    expect(
      (await client.error(`CALL SYSTEM$SEND_EMAIL('mail', 'a@b.example', 'Hello', 'hi')`)).message,
    ).to.contain('not enabled');
    expect(mails).to.have.length(1);
  });

  it('send to users’ own addresses when no recipients are listed', async () => {
    await client.rows(`CREATE NOTIFICATION INTEGRATION open_mail TYPE = EMAIL ENABLED = TRUE`);
    await client.rows(`CREATE USER nurse EMAIL = 'nurse@h.example'`);
    await client.rows(`CALL SYSTEM$SEND_EMAIL('open_mail', 'nurse@h.example', 'Status', 'fine')`);
    expect(mails[1]).to.include({ to: 'nurse@h.example' });
    expect(mails[1]!.text?.trim()).to.equal('fine');
  });

  it('check what they are told, and refuse by name what is not built', async () => {
    const message = async (sql: string) => (await client.error(sql)).message;
    const storage = (more: string) =>
      `CREATE STORAGE INTEGRATION checked TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE ${more}`;
    const role = "STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/r'";
    expect(await message(storage(`${role} STORAGE_ALLOWED_LOCATIONS = ('gcs://b/')`))).to.contain(
      "invalid value [gcs://b/] for parameter 'STORAGE_ALLOWED_LOCATIONS'",
    );
    expect(await message(storage("STORAGE_AWS_ROLE_ARN = 'r' STORAGE_ALLOWED_LOCATIONS = ('*')"))).to.contain(
      "for parameter 'STORAGE_AWS_ROLE_ARN'",
    );
    expect(
      await message(storage(`${role} STORAGE_ALLOWED_LOCATIONS = ('*') USE_PRIVATELINK_ENDPOINT = TRUE`)),
    ).to.contain("Unsupported feature 'USE_PRIVATELINK_ENDPOINT of an integration'");
    await client.rows(storage(`${role} STORAGE_ALLOWED_LOCATIONS = ('*')`));
    expect(await message('ALTER STORAGE INTEGRATION checked UNSET STORAGE_AWS_ROLE_ARN')).to.contain(
      'cannot be unset',
    );
    expect(await message("ALTER INTEGRATION checked SET TAG a = 'b'")).to.contain(
      "Unsupported feature 'SET TAG'",
    );
    const ddl = String(await client.value("SELECT GET_DDL('STORAGE_INTEGRATION', 'checked')"));
    await client.rows('DROP INTEGRATION checked');
    await client.rows(ddl);
    expect(await client.value("SELECT GET_DDL('STORAGE_INTEGRATION', 'checked')")).to.equal(ddl);
  });
});
