import { IsIn, IsOptional, Matches } from 'class-validator';
import { TasksSettings } from './tasks.settings.js';

/** The console, a page for people. */
export class ConsoleSettings extends TasksSettings {
  /**
   * Whether there is a console at `/console`, and whether it offers to abandon and to resolve. What users may do by the
   * API is the same with each.
   */
  @IsIn(['off', 'read', 'full'], { message: 'must be "off", "read" or "full"' })
  CONSOLE: 'off' | 'read' | 'full' = 'read';

  /** Where people find a server, such as in Horizon or Skyline: a URL in which `{id}` stands for its id. */
  @Matches(/^https?:\/\/[^\s"'<>{}@]+\{id\}[^\s"'<>{}@]*$/, {
    message:
      'must be an http or https address with {id}, such as https://horizon.example/project/instances/{id}/',
  })
  @IsOptional()
  CONSOLE_SERVER_LINK: string | undefined = undefined;
}
