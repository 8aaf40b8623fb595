import { UsageError } from '../command.errors.js';

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** What a command line gives to a command. */
export class Given {
  constructor(
    private readonly values: Values,
    /** The words that are no options, without the command's name. */
    readonly words: readonly string[],
  ) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: string): string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  }

  isSet(name: string): boolean {
    return this.values[name] === true;
  }

  /** @throws UsageError when it is none of these */
  oneOf<Name extends string>(name: string, choices: readonly Name[]): Name | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const choice = choices.find((known) => known === text);
    if (choice === undefined) throw new UsageError(`--${name} must be one of ${choices.join(', ')}.`);
    return choice;
  }

  /** @throws UsageError when it is no whole number from `least` on */
  whole(name: string, otherwise: number, least = 0): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    if (!/^\d{1,9}$/.test(text) || Number(text) < least)
      throw new UsageError(`--${name} must be a whole number of ${least} or more.`);
    return Number(text);
  }
}
