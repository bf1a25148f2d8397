import { testAccidents } from './accident.js';
import { derivedTables, memory } from './own-tables.js';

describe('accidents to tables that are derived', () => testAccidents(derivedTables));

describe('accidents to tables that cannot be derived', () => testAccidents(memory));
