import { Module } from '@nestjs/common';
import { Figures } from '../cluster/figures.js';
import { OperatorServer } from './operator-server.js';

/** Serves health and metrics to operators. */
@Module({ providers: [Figures, OperatorServer] })
export class OperatorModule {}
