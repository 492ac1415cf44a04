import { defineTexts } from '../../../app/texts';

export const kindTexts = defineTexts({ dynamic: 'Динамический', static: 'Статический', overflow: 'Запасной' }, { dynamic: 'Dynamic', static: 'Static', overflow: 'Overflow' });
