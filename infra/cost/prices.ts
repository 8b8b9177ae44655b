import { pricesCommand } from './pricesCommand.js';
import { RetailPrices } from './retailPrices.js';

void pricesCommand(process.argv.slice(2), new RetailPrices(), (text) => process.stdout.write(text)).then(
  (code) => {
    process.exitCode = code;
  },
);
