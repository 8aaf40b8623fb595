import { IsIn, Matches } from 'class-validator';
import { ServerSettings } from './server.settings.js';

/** The database, and the behaviour while it is down. */
export class DatabaseSettings extends ServerSettings {
  /** The database: `sqlite:<path>`, or `mysql://user:password@host:port/name` for MariaDB and MySQL. */
  @Matches(/^(sqlite:.+|mysql:\/\/[^/]+\/[^/?]+)$/, {
    message: 'must be sqlite:<path> or mysql://user:password@host:port/name',
  })
  DATABASE_URL = 'sqlite:./data/tasktag.sqlite';

  /** How untagged requests are handled while the database is down; tagged ones are refused. */
  @IsIn(['pass', 'refuse'], { message: 'must be "pass" or "refuse"' })
  DATABASE_DOWN: 'pass' | 'refuse' = 'pass';
}
