import { testAccidents } from './accident.js';
import { model, objects, outside } from './objects.js';

describe('accidents to objects of the schema', () => testAccidents(objects));

describe('accidents after which nothing inside can tell', () => testAccidents(outside));

describe('accidents to the model', () => testAccidents(model));
