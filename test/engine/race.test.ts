import { describeRace } from "./support/race";

describeRace(500);
