#!/usr/bin/env node
// The local AWS alone: local-aws [--state DIR] [--port N]
import { exitAfter, runAlone } from '@local-cloud/kit/alone.js';
import { systemClock } from '@local-cloud/kit/clock.js';
import { startAws } from './server.js';

exitAfter(
  runAlone(async ({ stateDir, port }) => {
    const aws = await startAws({ stateDir, port, clock: systemClock });
    return {
      lines: [
        `A local AWS listens at ${aws.endpoint} (${aws.region}); its state is in ${stateDir}. Ctrl-C ends it.`,
        '',
        'For every SDK and the aws command:',
        `export AWS_ENDPOINT_URL=${aws.endpoint} AWS_REGION=${aws.region} AWS_ACCESS_KEY_ID=${aws.accessKeyId} AWS_SECRET_ACCESS_KEY=${aws.secretAccessKey}`,
      ],
      close: () => aws.close(),
    };
  }),
);
