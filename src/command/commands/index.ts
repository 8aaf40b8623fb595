import { abandon } from './abandon.js';
import type { Command } from './command.js';
import { createOnce } from './create-once.js';
import { exportTasks } from './export.js';
import { look } from './look.js';
import { ls } from './ls.js';
import { resolve } from './resolve.js';
import { show } from './show.js';
import { wait } from './wait.js';

/** All commands, as the help lists them. */
export const COMMANDS: readonly Command[] = [ls, show, wait, createOnce, abandon, resolve, look, exportTasks];
