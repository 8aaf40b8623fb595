import 'reflect-metadata';
import { ConsoleSettings } from './console.settings.js';

/**
 * The settings, by the names of their environment variables. Each `*.settings.ts` adds those of one subject to the
 * previous ones: class-validator and class-transformer pass rules on from a class to its subclasses.
 */
export class Settings extends ConsoleSettings {}
