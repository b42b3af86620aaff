import { recipeFolders } from "../engine/support/corpus/claim";
import { describeNewerRecipes, describeRecipes } from "../engine/support/corpus/recipes";

describeRecipes(recipeFolders());
describeNewerRecipes(recipeFolders());
