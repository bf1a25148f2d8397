import { testAccidents } from './accident.js';
import { harmless, loads, shapes } from './hospital-table.js';

describe('loads of the hospital’s table that look like an accident', () => testAccidents(loads));

describe('changes of the hospital’s table that lose nothing', () => testAccidents(harmless));

describe('the hospital’s table in another shape', () => testAccidents(shapes));
