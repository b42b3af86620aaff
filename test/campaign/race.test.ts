import { describeRace } from "../engine/support/race";

describeRace(5_000);
