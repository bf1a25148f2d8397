/** Credits: what warehouses, serverless tasks and cloud services would cost. */
import type { Feature } from '../feature.js';
import { meteringFunctions } from './history.js';
import { meterOf } from './meter.js';

export const metering: Feature = {
  tableFunctions: meteringFunctions,
  keeper: (account) => {
    const { usage } = meterOf(account);
    let read: Promise<void> | undefined;
    return {
      start() {
        read = account.storage
          .connect()
          .then((connection) => usage.read(connection).finally(() => connection.close()));
        read.catch(() => undefined); // stop() says it
      },
      async stop() {
        await read;
        meterOf(account).closeAll();
        await usage.keep(account);
      },
    };
  },
};
