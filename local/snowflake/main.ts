#!/usr/bin/env node
// The local Snowflake alone: local-snowflake [--state DIR] [--port N]
import { exitAfter, runAlone } from '@local-cloud/kit/alone.js';
import { systemClock } from '@local-cloud/kit/clock.js';
import { startSnowflake } from './server.js';

/** Nothing listens at port 9: a stage in S3, an external function or a mail ends with an error that names it. */
const OFFLINE = {
  aws: {
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    user: { arn: 'arn:aws:iam::999999999999:user/none', accessKeyId: 'none', secretAccessKey: 'none' },
  },
  smtpUrl: 'smtp://127.0.0.1:9',
};

exitAfter(
  runAlone(async ({ stateDir, port }) => {
    const server = await startSnowflake({ stateDir, port, clock: systemClock, network: OFFLINE });
    const { accessUrl, account, user, password, role } = server;
    const options = JSON.stringify({ accessUrl, account, username: user, password, role });
    return {
      lines: [
        `A local Snowflake listens at ${accessUrl}; its state is in ${stateDir}. Ctrl-C ends it.`,
        '',
        `With Node's driver:    snowflake.createConnection(${options})`,
        `With Python's:         snowflake.connector.connect(account="${account}", user="${user}", password="${password}", protocol="http", host="127.0.0.1", port=${new URL(accessUrl).port})`,
        '',
        'Alone it reaches no AWS and no mail server: @local-cloud/cloud starts those beside it.',
      ],
      close: () => server.close(),
    };
  }),
);
