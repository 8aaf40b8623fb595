import { type DynamicModule, Module } from '@nestjs/common';
import { pageController } from './page.controller.js';
import type { PageSettings } from './page-settings.js';

/** The console of a host. */
export interface TasksConsoleOptions {
  /** Its path, such as `admin/console`, below the application's global prefix if there is one. @default `console` */
  path?: string;
  /**
   * The path of the tasks controller (`controller` of `TasksModule`), below the same prefix; or its address on this
   * host, with a slash at its beginning. @default `tasks`
   */
  tasks?: string;
  /**
   * The host's decorators for the page, such as `UseGuards(…)` or `ApiExcludeController()`. They guard the page's files;
   * what it shows is guarded by those of the tasks controller. @default none
   */
  decorators?: ClassDecorator[];
  /**
   * With it the page asks for a token, keeps it for the browser's tab, and sends it in this header, after the scheme:
   * `{ header: 'Authorization', scheme: 'Bearer' }`. @default none: the browser sends its cookie, or the credentials
   * that it has asked for
   */
  token?: { header: string; scheme?: string };
  /**
   * Where people find what a task is about, by its kind: `{ order: 'https://shop.example/orders/{id}' }`. Only http and
   * https. @default no links
   */
  links?: Record<string, string>;
}

/**
 * Serves the console: a page that looks for tasks by the host's own tasks controller, as its user. It needs
 * `TasksModule` with `controller` in the application.
 */
@Module({})
export class TasksConsoleModule {
  /**
   * @throws Error for a link that is no address with `{id}`
   */
  static forRoot({
    path = 'console',
    tasks = 'tasks',
    decorators = [],
    token,
    links = {},
  }: TasksConsoleOptions = {}): DynamicModule {
    for (const [kind, link] of Object.entries(links)) {
      if (!/^https?:\/\/\S*\{id\}\S*$/.test(link))
        throw new Error(`The link of ${kind} must be an http or https address with {id}, but is ${link}.`);
    }
    const settings: PageSettings = {
      tasks: tasks.startsWith('/') ? tasks : relativeTo(path, tasks),
      signIn:
        token === undefined
          ? { by: 'browser' }
          : { by: 'token', header: token.header, scheme: token.scheme ?? null },
      actions: null,
      offersDecisions: false,
      hasAllProjects: false,
      links,
    };
    return {
      module: TasksConsoleModule,
      controllers: [pageController({ path, decorators }, settings)],
    };
  }
}

/** An address as the page sees it, which lies at `path/`. */
function relativeTo(path: string, target: string): string {
  const depth = path.split('/').filter((segment) => segment !== '').length;
  return '../'.repeat(depth) + target;
}
