import { existsSync } from 'node:fs';

/** Where Chromium is: what LOS_CHROMIUM names, or where packages put it; undefined where there is none. */
export const CHROMIUM = [process.env.LOS_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

/** Why a test that looks at pages is skipped. */
export const NO_CHROMIUM = 'skipped: there is no Chromium (apt-get install chromium, or set LOS_CHROMIUM)';
