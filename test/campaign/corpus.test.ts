import { recipeFolders } from "../engine/support/corpus/claim";
import { describeRecipes } from "../engine/support/corpus/recipes";

describeRecipes(recipeFolders());
