import { Inject } from '@nestjs/common';

/** The data source that tasks are in: the host's default one, or the one that the module was given. */
export const TASKS_DATA_SOURCE = Symbol('TASKS_DATA_SOURCE');

/** Injects the data source that tasks are in. */
export const InjectTasksDataSource = (): ParameterDecorator => Inject(TASKS_DATA_SOURCE);
