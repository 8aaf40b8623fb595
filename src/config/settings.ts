import 'reflect-metadata';
import { TasksSettings } from './tasks.settings.js';

/**
 * The settings, by the names of their environment variables. Each `*.settings.ts` adds those about one thing to the
 * ones before it: class-validator and class-transformer take rules over from a class to the one that extends it.
 */
export class Settings extends TasksSettings {}
