import { describeShops } from './describe-shops.js';
import { NEST_11_OLDEST } from './support/nest-versions.js';

// What the versions differ in is no matter of the database.
describeShops(NEST_11_OLDEST, ['sqlite']);
