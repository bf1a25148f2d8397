import { describeUpgrade } from './upgrade.js';

describeUpgrade('0.4.0', (name) => name, [60, 150]);
